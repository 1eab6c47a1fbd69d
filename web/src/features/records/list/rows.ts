import { type InfiniteData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '@/lib/api/client';
import { records } from '@/lib/records/api';
import { keys } from '@/lib/records/queries';
import type { AnyRecord, Job, RecordPage, Search, Total } from '@/lib/records/types';

/** Few rows first, so that they come at once; then more at a time. */
export const FIRST = 60;
const NEXT = 200;
/** So often it is looked whether a moment has been put together, in milliseconds. */
const LOOK = 700;

export type Page = RecordPage | { job: Job };
type Loaded = InfiniteData<Page, string>;

/** Lists of more pages are never read again as a whole: that would take as many calls. */
const SHORT = 3;
export const isLong = (data: InfiniteData<Page, string> | undefined): boolean => (data?.pages.length ?? 0) > SHORT;
const ifShort = (query: { state: { data: Loaded | undefined } }) => !isLong(query.state.data);

export const listKey = (plural: string, asked: Asked) => [...keys.lists(plural), asked] as const;

const jobIn = (data: Loaded | undefined): Job | undefined => {
  const first = data?.pages[0];
  return first && 'job' in first ? first.job : undefined;
};
const jobKey = (id: string | undefined) => ['jobs', id] as const;
const over = (job: Job | undefined) => job?.state === 'failed' || job?.state === 'cancelled';

/** What a list asks for, without where a page begins. */
export type Asked = Omit<Search, 'cursor' | 'limit'>;

export interface Rows {
  rows: AnyRecord[];
  total: Total | null;
  /** Nothing is here yet. */
  first: boolean;
  /** Other rows are on their way; those shown are of the question before. */
  stale: boolean;
  error: Error | null;
  hasMore: boolean;
  loadingMore: boolean;
  loadMore: () => void;
  retry: () => void;
  /** The work that puts the moment asked for together. */
  job: Job | undefined;
}

const NO_ROWS: AnyRecord[] = [];
const rowsOf = (data: Loaded): { rows: AnyRecord[]; total: Total | null; job: Job | undefined } => {
  const pages = data.pages.filter((page): page is RecordPage => 'items' in page);
  return { rows: pages.flatMap((page) => page.items), total: pages[0]?.total ?? null, job: jobIn(data) };
};

/** The rows of a list, page after page. */
export function useRows(plural: string, asked: Asked, enabled: boolean): Rows {
  const client = useQueryClient();
  const query = useInfiniteQuery({
    queryKey: listKey(plural, asked),
    enabled,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }): Promise<Page> =>
      records.search(plural, { ...asked, ...(pageParam ? { cursor: pageParam, limit: NEXT } : { limit: FIRST }) }, signal),
    getNextPageParam: (last) => ('items' in last ? (last.next_cursor ?? undefined) : undefined),
    // The rows before stay until others are here: nothing jumps.
    placeholderData: (before) => before,
    staleTime: (loaded) => (asked.as_of || isLong(loaded.state.data) ? Number.POSITIVE_INFINITY : 10_000),
    refetchOnMount: ifShort,
    refetchOnWindowFocus: ifShort,
    refetchOnReconnect: ifShort,
    refetchInterval: (loaded) => {
      const job = jobIn(loaded.state.data);
      return job && !over(client.getQueryData<Job>(jobKey(job.id))) ? LOOK : false;
    },
    select: rowsOf,
  });
  const waiting = query.data?.job;
  const job = useQuery({
    queryKey: jobKey(waiting?.id),
    enabled: waiting !== undefined,
    queryFn: ({ signal }) => answer(api.GET('/api/v1/jobs/{id}', { params: { path: { id: waiting?.id ?? '' } }, signal })),
    refetchInterval: LOOK,
  });
  return {
    rows: query.data?.rows ?? NO_ROWS,
    total: query.data?.total ?? null,
    first: query.isPending,
    stale: query.isPlaceholderData,
    error: query.error,
    hasMore: query.hasNextPage,
    loadingMore: query.isFetchingNextPage,
    loadMore: () => {
      if (!query.isFetching) void query.fetchNextPage();
    },
    retry: () => void (query.isFetchNextPageError ? query.fetchNextPage() : query.refetch()),
    job: waiting && (job.data ?? waiting),
  };
}
