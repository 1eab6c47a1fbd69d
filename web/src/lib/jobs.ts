/** Long-running work, from the point of view of whoever asked for it. */
import { answer, api } from '@/lib/api/client';
import { position } from '@/lib/api/position';
import type { Job } from '@/lib/records/types';

/** How long to wait before it is looked how far it is, in milliseconds: longer each time, up to the most. */
const FIRST_LOOK = 50;
const LOOK = 400;

const isOver = (job: Job): boolean => ['done', 'failed', 'cancelled'].includes(job.state);

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until a job is over, and tells how far it is meanwhile. Reads from then on show all of it. */
export async function untilOver(id: string, seen?: (job: Job) => void): Promise<Job> {
  for (let wait = FIRST_LOOK; ; wait = Math.min(wait * 2, LOOK)) {
    const job = await answer(api.GET('/api/v1/jobs/{id}', { params: { path: { id } } }));
    if (isOver(job)) {
      const reached = (job.result as { position?: unknown } | null)?.position;
      if (typeof reached === 'number') position.saw(reached);
      return job;
    }
    seen?.(job);
    await pause(wait);
  }
}

/** Ends a job after its present step; what it did stays. */
export async function cancelJob(id: string): Promise<void> {
  await answer(api.POST('/api/v1/jobs/{id}/cancel', { params: { path: { id } } }));
}
