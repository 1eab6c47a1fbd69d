import { type QueryClient, type QueryFilters, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { position } from '@/lib/api/position';
import { metaQuery } from '@/lib/meta';
import { keys, lookAgainLater } from '@/lib/records/queries';
import { follow, type Change, type LiveEvent } from './feed';
import { own, tellLists } from './news';

/** Lists beside those on the page are marked at most so often, in milliseconds, however much changes. */
const PAUSE = 500;

/** Keeps what is shown true while others change it. Mounted once, by the shell. */
export function useLive(): void {
  const client = useQueryClient();
  useEffect(() => {
    const stop = new AbortController();
    const others = new Soon((plural) => lookAgainLater(client, plural), PAUSE);
    follow((event) => heard(client, event, others), stop.signal);
    return () => {
      stop.abort();
      others.stop();
    };
  }, [client]);
}

function heard(client: QueryClient, event: LiveEvent, others: Soon): void {
  position.saw(event.position);
  if (event.kind === 'reset') {
    outdated(client, { predicate: ({ queryKey }) => queryKey[0] !== 'records' || queryKey[2] !== 'list' });
    for (const { plural } of client.getQueryData(metaQuery.queryKey)?.record_types ?? []) {
      tellLists(plural, { kind: 'reset' });
      lookAgainLater(client, plural);
    }
    return;
  }
  const { change } = event;
  const type = client.getQueryData(metaQuery.queryKey)?.record_types.find(({ name }) => name === change.record_type);
  if (type) {
    happened(client, type.plural, change);
    others.touch(type.plural);
    return;
  }
  // A pick-list, a role, a member: what describes the page may be another now.
  outdated(client, { queryKey: metaQuery.queryKey });
  outdated(client, { queryKey: keys.accounts });
}

function happened(client: QueryClient, plural: string, change: Change): void {
  // One's own changes come back as well; what is shown already is that new.
  if (change.change !== 'gone' && own.knows(change.id, change.version)) return;
  const one = keys.one(plural, change.id);
  outdated(client, { queryKey: one, predicate: (query) => query.queryKey[5] === undefined || isPresent(query.queryKey[5]) });
  tellLists(plural, { kind: 'changed', id: change.id, own: false });
}

/**
 * What is shown is read again. What is on its way for the first time may have been read before, and is
 * not asked for twice at once: it is read again when it is here.
 */
function outdated(client: QueryClient, filters: QueryFilters): void {
  const onTheirWay = client.getQueryCache().findAll({ ...filters, fetchStatus: 'fetching' }).filter(({ state }) => state.data === undefined);
  void client.invalidateQueries(filters);
  for (const { promise, queryKey } of onTheirWay) {
    // Of a failure the query itself tells.
    promise?.then(() => client.invalidateQueries({ queryKey, exact: true })).catch(() => undefined);
  }
}

/** The past needs no new look. */
function isPresent(at: unknown): boolean {
  return typeof at === 'object' && at !== null && Object.keys(at).length === 0;
}

/** Does something for a name once things are quiet for a moment, and at least so often. */
class Soon {
  readonly #waiting = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #run: (name: string) => void;
  readonly #pause: number;

  constructor(run: (name: string) => void, pause: number) {
    this.#run = run;
    this.#pause = pause;
  }

  touch(name: string): void {
    if (this.#waiting.has(name)) return;
    this.#waiting.set(name, setTimeout(() => {
      this.#waiting.delete(name);
      this.#run(name);
    }, this.#pause));
  }

  stop(): void {
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }
}
