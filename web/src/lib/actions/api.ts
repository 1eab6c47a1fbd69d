import { queryOptions } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { answer, api, attempt } from '@/lib/api/client';
import { Problem } from '@/lib/api/problem';
import { untilOver } from '@/lib/jobs';

type Schemas = components['schemas'];
export type Action = Schemas['Action'];
export type ActionRecord = Schemas['ActionRecord'];
export type UndoCounts = Schemas['UndoCounts'];
type Job = Schemas['Job'];

/** So many of the latest actions are shown. */
const LATEST = 20;

export const actionKeys = { all: ['actions'] as const, one: (id: string) => ['actions', 'one', id] as const };

/** What one did oneself, newest first. */
export const ownActionsQuery = queryOptions({
  queryKey: [...actionKeys.all, 'own'],
  queryFn: async ({ signal }) => (await answer(api.GET('/api/v1/actions', { params: { query: { mine: true, limit: LATEST } }, signal }))).items,
});

/** What an action touched, by the names that the things have now. */
export const touchedQuery = (id: string) =>
  queryOptions({
    queryKey: actionKeys.one(id),
    queryFn: ({ signal }) => answer(api.GET('/api/v1/actions/{id}', { params: { path: { id } }, signal })),
    staleTime: 60_000,
  });

/** What undoing came to, or would. */
export interface Undone {
  counts: UndoCounts;
  /** The undo's own action, by which it can be undone; none if nothing was taken back. */
  action: string | null;
  /** The records, where there are few. */
  records: readonly { id: string; type: string }[];
}

const counts = (job: Job): UndoCounts =>
  ({ reverted: 0, partly: 0, kept: 0, unchanged: 0, refused: 0, hidden: 0, ...(job.counts as Partial<UndoCounts> | null) });

/**
 * Takes an action back, or only says what that would come to. Where it touched much the server does it by
 * a job; then this takes as long as the job.
 */
export async function undoAction(id: string, preview: boolean): Promise<Undone> {
  const body = await answer(api.POST('/api/v1/actions/{id}/undo', { params: { path: { id }, query: { preview }, header: attempt() } }));
  if (!('job' in body)) return { counts: body.counts, action: body.action ?? null, records: body.records };
  const job = await untilOver(body.job.id);
  if (job.state === 'failed') throw new Problem({ code: 'job_failed', detail: job.error ?? '' }, 500);
  const result = job.result as { action?: string | null } | null | undefined;
  return { counts: counts(job), action: result?.action ?? null, records: [] };
}
