import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { actionKeys, undoAction, type Undone } from './api';
import { metaQuery } from '@/lib/meta';
import { keys, lookAgain, showAgain } from '@/lib/records/queries';
import { told } from './words';

/** Shows what an undo changed, wherever it is on the page. */
function refresh(client: QueryClient, types: readonly string[], { records }: Undone): void {
  void client.invalidateQueries({ queryKey: actionKeys.all });
  const known = client.getQueryData(metaQuery.queryKey)?.record_types ?? [];
  const pluralOf = (name: string) => known.find((type) => type.name === name)?.plural;
  if (types.some((type) => pluralOf(type) === undefined)) {
    // Settings, roles and the like: whatever they are shown in.
    void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'records' });
  }
  for (const name of types) {
    const plural = pluralOf(name);
    if (!plural) continue;
    const touched = records.filter((record) => record.type === name);
    if (touched.length === 0) lookAgain(client, plural);
    for (const { id } of touched) showAgain(client, plural, id);
    void client.invalidateQueries({ queryKey: keys.bin(plural) });
  }
}

/** Whoever tells people what happened. */
interface Teller {
  done: (message: string) => void;
  undoable: (message: string, undo: () => void) => void;
  failed: (error: unknown) => void;
}

/**
 * Takes an action back at once, shows it wherever it is on the page, and offers to take that back in turn.
 * `types` names the types of what the action touched.
 */
export function useTakeBack(tell: Teller): (action: string, types: readonly string[]) => Promise<void> {
  const client = useQueryClient();
  return async function takeBack(action, types) {
    try {
      const undone = await undoAction(action, false);
      refresh(client, types, undone);
      const back = undone.action;
      if (back) tell.undoable(told(undone.counts), () => void takeBack(back, types));
      else tell.done(told(undone.counts));
    } catch (error) {
      tell.failed(error);
    }
  };
}
