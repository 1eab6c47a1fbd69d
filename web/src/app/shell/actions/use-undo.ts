import { useState } from 'react';
import { type Action, undoAction, type Undone } from '@/lib/actions/api';
import { useTakeBack } from '@/lib/actions/take-back';
import { asksFirst } from '@/lib/actions/words';
import { toast } from '@/ui/toast';

/** Where an undo is: looked at, waiting for a yes, or under way. */
export type Stage = { at: 'looking' | 'doing' } | { at: 'asking'; preview: Undone };

/** Takes actions back: says first what that comes to where it is more than one thing, then offers to take it back in turn. */
export function useUndo() {
  const takeBack = useTakeBack(toast);
  const [stages, setStages] = useState<Readonly<Record<string, Stage>>>({});
  const put = (id: string, stage: Stage | null) =>
    setStages((before) => {
      const others = Object.fromEntries(Object.entries(before).filter(([each]) => each !== id));
      return stage ? { ...others, [id]: stage } : others;
    });

  const carryOut = async (id: string, types: readonly string[]): Promise<void> => {
    put(id, { at: 'doing' });
    await takeBack(id, types);
    put(id, null);
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
