import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { position } from '@/lib/api/position';
import { metaQuery } from '@/lib/meta';
import { keys } from '@/lib/records/queries';
import type { AnyRecord } from '@/lib/records/types';
import { follow, type LiveEvent } from './feed';

/** Lists are asked again at most so often, in milliseconds, however much changes. */
const PAUSE = 500;

/** Keeps what is shown true while others change it. Mounted once, by the shell. */
export function useLive(): void {
  const client = useQueryClient();
  useEffect(() => {
    const stop = new AbortController();
    const lists = new Soon((plural) => void client.invalidateQueries({ queryKey: keys.lists(plural) }), PAUSE);
    follow((event) => patch(client, event, lists), stop.signal);
    return () => {
      stop.abort();
      lists.stop();
    };
  }, [client]);
}

function patch(client: QueryClient, event: LiveEvent, lists: Soon): void {
  if (event.kind === 'reset') {
    void client.invalidateQueries();
    return;
  }
  const { change } = event;
  position.saw(String(change.position));
  const type = client.getQueryData(metaQuery.queryKey)?.record_types.find(({ name }) => name === change.record_type);
  if (!type) {
    // A pick-list, a role, a member: what describes the page may be another now.
    void client.invalidateQueries({ queryKey: metaQuery.queryKey });
    return;
  }
  const one = keys.one(type.plural, change.id);
  const shown = client.getQueryData<AnyRecord>([...one, 'record', {}]);
  // One's own changes come back as well; what is shown already is that new.
  if (change.change === 'changed' && shown && shown.version >= change.version) return;
  void client.invalidateQueries({ queryKey: one, predicate: (query) => query.queryKey[5] === undefined || isPresent(query.queryKey[5]) });
  lists.touch(type.plural);
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
