import { useMutation, useQueryClient } from '@tanstack/react-query';
import { explain } from '@/ui/feedback';
import { toast } from '@/ui/toast';
import { texts } from '@/lib/i18n';
import { records } from '@/lib/records/api';
import { lookAgain } from '@/lib/records/queries';

const t = texts('audit');

export interface Outcome {
  done: string[];
  /** Why some were refused, each reason once. */
  refused: { count: number; reasons: string[] };
}

/** Does the same to several records, one after the other; what is refused stops no other. */
export async function toEach(ids: readonly string[], act: (id: string) => Promise<unknown>): Promise<Outcome> {
  const done: string[] = [];
  const reasons = new Set<string>();
  for (const id of ids) {
    try {
      await act(id);
      done.push(id);
    } catch (error) {
      reasons.add(explain(error));
    }
  }
  return { done, refused: { count: ids.length - done.length, reasons: [...reasons] } };
}

/** Takes records out of the recycle bin, and offers to put them back. */
export function useRestore(plural: string) {
  const client = useQueryClient();
  const refreshed = () => lookAgain(client, plural);
  const putBack = async (ids: string[]) => {
    const { done, refused } = await toEach(ids, (id) => records.remove(plural, id));
    refreshed();
    if (done.length > 0) toast.done(t('binBack', { count: done.length }));
    if (refused.count > 0) toast.done(`${t('binPartly', { count: refused.count })} ${refused.reasons.join(' ')}`);
  };
  return useMutation({
    mutationFn: (ids: string[]) => toEach(ids, (id) => records.restore(plural, id)),
    onSuccess: ({ done, refused }) => {
      refreshed();
      if (done.length > 0) toast.undoable(t('binRestored', { count: done.length }), () => void putBack(done));
      if (refused.count > 0) toast.done(`${t('binPartly', { count: refused.count })} ${refused.reasons.join(' ')}`);
    },
  });
}
