import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTakeBack } from '@/lib/actions/take-back';
import { actionKeys } from '@/lib/actions/api';
import { Problem } from '@/lib/api/problem';
import { texts } from '@/lib/i18n';
import { untilOver } from '@/lib/jobs';
import type { RecordType } from '@/lib/meta';
import { records } from '@/lib/records/api';
import { countsOf } from '@/lib/records/bulk';
import { lookAgain } from '@/lib/records/queries';
import type { Job } from '@/lib/records/types';
import { toast } from '@/ui/toast';

const t = texts('audit');

export interface Outcome {
  done: number;
  /** Why some were refused, each reason once. */
  refused: { count: number; reasons: string[] };
}

/** What came of restoring. Those that somebody else brought back meanwhile are no failure. */
export function outcomeOf(job: Job): Outcome {
  const { changed, not_permitted, refused, reasons } = countsOf(job);
  const why = reasons.map(({ message }) => message);
  return {
    done: changed,
    refused: { count: not_permitted + refused, reasons: [...new Set(not_permitted > 0 ? [...why, t('binNotYours')] : why)] },
  };
}

/** Takes records out of the recycle bin in one act, and offers to put them back. */
export function useRestore({ name, plural }: RecordType) {
  const client = useQueryClient();
  const takeBack = useTakeBack(toast);
  const refreshed = () => {
    lookAgain(client, plural);
    void client.invalidateQueries({ queryKey: actionKeys.all });
  };
  return useMutation({
    mutationFn: async (ids: string[]) => {
      const { job } = await records.bulk(plural, { select: { ids }, do: { restore: true } });
      const over = await untilOver(job.id);
      if (over.state === 'failed') throw new Problem({ code: 'job_failed', detail: over.error ?? '' }, 500);
      return over;
    },
    onSuccess: (job) => {
      const { done, refused } = outcomeOf(job);
      if (done > 0) toast.undoable(t('binRestored', { count: done }), () => void takeBack(job.id, [name]));
      if (refused.count > 0) toast.done(`${t('binPartly', { count: refused.count })} ${refused.reasons.join(' ')}`);
    },
    onError: toast.failed,
    onSettled: refreshed,
  });
}
