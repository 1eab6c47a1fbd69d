import { own, tellLists } from '@/lib/live/news';
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient, type Query, type QueryClient } from '@tanstack/react-query';
import { records, type CommandOptions } from './api';
import type { AnyRecord, Changes, RecordPage } from './types';

/** Keys of what is loaded of records, from wide to narrow. */
export const keys = {
  all: (plural: string) => ['records', plural] as const,
  lists: (plural: string) => ['records', plural, 'list'] as const,
  /** The recycle bin is a list as well, of what the others do not show. */
  bin: (plural: string) => ['records', plural, 'list', 'deleted'] as const,
  one: (plural: string, id: string) => ['records', plural, 'one', id] as const,
  history: (plural: string, id: string) => ['records', plural, 'one', id, 'history'] as const,
  provenance: (plural: string, id: string) => ['records', plural, 'one', id, 'provenance'] as const,
  /** Accounts are not part of their records: they change without them. */
  accounts: ['accounts'] as const,
};

/** A record as it is, or as it was at a moment or version. */
export function recordQuery(plural: string, id: string, at: { asOf?: string | undefined; version?: number | undefined } = {}) {
  const query = {
    ...(at.asOf ? { as_of: at.asOf } : {}),
    ...(at.version ? { version: at.version } : {}),
  };
  return queryOptions({
    queryKey: [...keys.one(plural, id), 'record', query],
    queryFn: async ({ client, queryKey }): Promise<AnyRecord> => {
      const read = await records.read(plural, id, query);
      // A command may have been answered since this read began: nothing goes back to what was before.
      const known = client.getQueryData<AnyRecord>(queryKey);
      return known && known.version > read.version ? known : read;
    },
    // The past does not change.
    ...(at.asOf || at.version ? { staleTime: Number.POSITIVE_INFINITY } : {}),
  });
}

/** What happened to a record, newest first, page by page; up to a moment, if there is one. */
export function historyQuery(plural: string, id: string, asOf?: string) {
  return infiniteQueryOptions({
    queryKey: [...keys.history(plural, id), ...(asOf ? [asOf] : [])],
    queryFn: ({ pageParam }) =>
      records.history(plural, id, { ...(pageParam ? { cursor: pageParam } : {}), ...(asOf ? { as_of: asOf } : {}) }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

/** For each field of a record, what set it last. */
export function provenanceQuery(plural: string, id: string) {
  return queryOptions({
    queryKey: keys.provenance(plural, id),
    queryFn: () => records.provenance(plural, id),
    staleTime: 60_000,
  });
}

/** Shows a record as a command answered it, wherever it is on the page, before read models know. */
export function keep(client: QueryClient, plural: string, record: AnyRecord): void {
  own.did(record.id, record.version);
  client.setQueryData([...keys.one(plural, record.id), 'record', {}], record);
  const lists = { queryKey: keys.lists(plural), predicate: (query: Query) => isLiveList(query) };
  client.setQueriesData<unknown>(lists, (loaded: unknown) => replaced(loaded, record));
  void client.invalidateQueries({ queryKey: keys.history(plural, record.id) });
  void client.invalidateQueries({ queryKey: keys.provenance(plural, record.id) });
}

/** Whether it is a list of records as they are now. */
function isLiveList({ queryKey }: Pick<Query, 'queryKey'>): boolean {
  const asked = queryKey[3];
  return typeof asked === 'object' && asked !== null && !('as_of' in asked && asked.as_of);
}

/** Lists that are not on the page look again when they are; so does the recycle bin, where it is. */
export function lookAgainLater(client: QueryClient, plural: string): void {
  void client.invalidateQueries({ queryKey: keys.lists(plural), type: 'inactive', refetchType: 'none', predicate: isLiveList });
  void client.invalidateQueries({ queryKey: keys.bin(plural) });
}

/** One put a record into lists, or out of them. */
function listed(client: QueryClient, plural: string, id: string): void {
  tellLists(plural, { kind: 'changed', id, own: true });
  lookAgainLater(client, plural);
}

/** A record is otherwise now by one's own doing, in a way that no command answered. */
export function showAgain(client: QueryClient, plural: string, id: string): void {
  void client.invalidateQueries({ queryKey: keys.one(plural, id) });
  listed(client, plural, id);
}

/** Many records of a type are otherwise now: whatever shows them looks again, long lists as far as one sees. */
export function lookAgain(client: QueryClient, plural: string): void {
  void client.invalidateQueries({ queryKey: keys.all(plural), predicate: ({ queryKey }) => queryKey[2] !== 'list' });
  tellLists(plural, { kind: 'reset' });
  lookAgainLater(client, plural);
}

/** A loaded list (pages of an infinite query, or one page) with the newer record in its place, if it has one. */
function replaced(loaded: unknown, record: AnyRecord): unknown {
  if (typeof loaded !== 'object' || loaded === null) return loaded;
  if ('pages' in loaded) {
    const { pages } = loaded as { pages: unknown[] };
    return { ...loaded, pages: pages.map((page) => replaced(page, record)) };
  }
  if (!('items' in loaded)) return loaded;
  const page = loaded as RecordPage;
  if (!page.items.some((row) => row.id === record.id && row.version < record.version)) return loaded;
  if (record.deleted) return { ...page, items: page.items.filter((row) => row.id !== record.id) };
  // A list may carry fewer fields than the command answered with; more do no harm.
  return { ...page, items: page.items.map((row) => (row.id === record.id ? { ...row, ...record } : row)) };
}

/** What can be done to one record: each answers with the record as it is since. */
export type RecordCommand =
  | { do: 'change'; id: string; changes: Changes; options?: CommandOptions }
  | { do: 'remove'; id: string; options?: CommandOptions }
  | { do: 'restore'; id: string; options?: CommandOptions }
  | { do: 'revert'; id: string; toVersion: number; fields?: string[]; options?: CommandOptions };

function carryOut(plural: string, command: RecordCommand): Promise<AnyRecord> {
  switch (command.do) {
    case 'change':
      return records.change(plural, command.id, command.changes, command.options);
    case 'remove':
      return records.remove(plural, command.id, command.options);
    case 'restore':
      return records.restore(plural, command.id, command.options);
    case 'revert':
      return records.revert(plural, command.id, command.toVersion, command.fields, command.options);
  }
}

/** Carries out commands on records of a type, and shows what they answer. */
export function useRecordCommand(plural: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (command: RecordCommand) => carryOut(plural, command),
    onSuccess: (record, command) => {
      keep(client, plural, record);
      // What is deleted leaves lists, and what comes back enters them.
      if (command.do === 'remove' || command.do === 'restore') listed(client, plural, record.id);
    },
  });
}

/** Creates records of a type; `as` names the attempt, so that trying again creates once. */
export function useCreateRecord(plural: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (made: { values: Changes; as: { 'Idempotency-Key': string } }) =>
      (await records.create(plural, made.values, made.as)).body,
    onSuccess: (record) => {
      keep(client, plural, record);
      listed(client, plural, record.id);
    },
  });
}
