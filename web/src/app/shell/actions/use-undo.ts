import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Action, actionKeys, undoAction, type Undone } from '@/lib/actions/api';
import { metaQuery } from '@/lib/meta';
import { keys, lookAgain, showAgain } from '@/lib/records/queries';
import { toast } from '@/ui/toast';
import { asksFirst, told } from './words';

/** Where an undo is: looked at, waiting for a yes, or under way. */
export type Stage = { at: 'looking' | 'doing' } | { at: 'asking'; preview: Undone };

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

/** Takes actions back: says first what that comes to where it is more than one thing, then offers to take it back in turn. */
export function useUndo() {
  const client = useQueryClient();
  const [stages, setStages] = useState<Readonly<Record<string, Stage>>>({});
  const put = (id: string, stage: Stage | null) =>
    setStages((before) => {
      const others = Object.fromEntries(Object.entries(before).filter(([each]) => each !== id));
      return stage ? { ...others, [id]: stage } : others;
    });

  const carryOut = async (id: string, types: readonly string[]): Promise<void> => {
    put(id, { at: 'doing' });
    try {
      const undone = await undoAction(id, false);
      refresh(client, types, undone);
      const back = undone.action;
      if (back) toast.undoable(told(undone.counts), () => void carryOut(back, types));
      else toast.done(told(undone.counts));
    } catch (error) {
      toast.failed(error);
    } finally {
      put(id, null);
    }
  };

  return {
    stageOf: (id: string): Stage | undefined => stages[id],
    /** Begins: does it at once if one thing goes back, else asks. */
    undo: async ({ id, types }: Action): Promise<void> => {
      put(id, { at: 'looking' });
      try {
        const preview = await undoAction(id, true);
        if (asksFirst(preview.counts)) return put(id, { at: 'asking', preview });
        await carryOut(id, types);
      } catch (error) {
        put(id, null);
        toast.failed(error);
      }
    },
    confirm: ({ id, types }: Action) => carryOut(id, types),
    leave: ({ id }: Action) => put(id, null),
  };
}
