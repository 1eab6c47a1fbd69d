import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { answer, api } from '@/lib/api/client';
import type { AuditSearch } from './search';

export type AuditEntry = components['schemas']['AuditEntry'];
/** How many entries a page has. */
const PAGE = 50;

const startOf = (day: string) => new Date(`${day}T00:00:00`);

/** The start of the day after, where the reader is: what happened on the last day is in. */
function endOf(day: string): Date {
  const end = startOf(day);
  end.setDate(end.getDate() + 1);
  return end;
}

/** The members of the query that the address stands for. */
export function auditParameters(search: AuditSearch, asOf: string | undefined): Record<string, string> {
  const last = search.to ? endOf(search.to).toISOString() : undefined;
  // Whoever looks at the past sees what had happened by then.
  const to = asOf && (!last || new Date(asOf) < new Date(last)) ? asOf : last;
  const wanted = {
    actor_id: search.actor,
    record_type: search.thing,
    record_id: search.record,
    type: search.event,
    action_id: search.action,
    from: search.from && startOf(search.from).toISOString(),
    to,
  };
  return Object.fromEntries(Object.entries(wanted).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

export const auditQuery = (search: AuditSearch, asOf: string | undefined) => {
  const query = auditParameters(search, asOf);
  return infiniteQueryOptions({
    queryKey: ['audit', query],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      answer(api.GET('/api/v1/audit', { signal, params: { query: { ...query, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
};

/** What else one gesture caused. */
export const actionQuery = (action: string) =>
  queryOptions({
    queryKey: ['audit', 'action', action],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/audit', { signal, params: { query: { action_id: action, limit: 20 } } })),
  });

export const pastRightsQuery = (member: string, at: string) =>
  queryOptions({
    queryKey: ['audit', 'rights', member, at],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/audit/rights', { signal, params: { query: { member, at } } })),
  });
