/** Long-running work, from the point of view of whoever asked for it. */
import { answer, api } from '@/lib/api/client';
import { position } from '@/lib/api/position';
import type { Job } from '@/lib/records/types';

/** How often it is looked how far it is, in milliseconds. */
const LOOK = 400;

export const isOver = (job: Job): boolean => ['done', 'failed', 'cancelled'].includes(job.state);

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until a job is over, and tells how far it is meanwhile. Reads from then on show all of it. */
export async function untilOver(id: string, seen?: (job: Job) => void): Promise<Job> {
  for (;;) {
    const job = await answer(api.GET('/api/v1/jobs/{id}', { params: { path: { id } } }));
    if (isOver(job)) {
      const reached = (job.result as { position?: unknown } | null)?.position;
      if (typeof reached === 'number') position.saw(String(reached));
      return job;
    }
    seen?.(job);
    await pause(LOOK);
  }
}

/** Ends a job after its present step; what it did stays. */
export async function cancelJob(id: string): Promise<void> {
  await answer(api.POST('/api/v1/jobs/{id}/cancel', { params: { path: { id } } }));
}
