import { useMutation, useQueryClient, type QueryKey } from '@tanstack/react-query';
import { texts } from '@/lib/i18n';
import { toast } from '@/ui/toast';

const t = texts('settings');

export interface Act<T> {
  call: () => Promise<T>;
  /** What to say once the server has answered. */
  done?: string;
  /** How to take it back, where it can be. */
  undo?: (answered: T) => Promise<unknown>;
  /** What shows something else since. */
  refresh: QueryKey[];
  after?: (answered: T) => void;
}

/** Changes a setting: says it is done after the receipt, offers to undo it, shows what is since. */
export function useAct() {
  const client = useQueryClient();
  const refreshed = (keys: QueryKey[]) => Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })));
  const mutation = useMutation({
    mutationFn: (act: Act<unknown>) => act.call(),
  });

  function said<T>(act: Act<T>, answered: T): void {
    const { undo, done } = act;
    if (!done) return;
    if (!undo) {
      toast.done(done);
      return;
    }
    toast.undoable(done, () => {
      undo(answered)
        .then(() => {
          toast.done(t('undone'));
          return refreshed(act.refresh);
        })
        .catch(toast.failed);
    });
  }

  /** Carries it out; a refusal shows in the corner, and in `error` for who shows it in place. */
  async function run<T>(act: Act<T>, options: { inPlace?: boolean } = {}): Promise<boolean> {
    try {
      const answered = (await mutation.mutateAsync(act as unknown as Act<unknown>)) as T;
      await refreshed(act.refresh);
      said(act, answered);
      act.after?.(answered);
      return true;
    } catch (error) {
      if (!options.inPlace) toast.failed(error);
      return false;
    }
  }

  return { run, busy: mutation.isPending, error: mutation.error, reset: mutation.reset };
}
