import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTakeBack } from '@/lib/actions/take-back';
import { actionKeys } from '@/lib/actions/api';
import { texts } from '@/lib/i18n';
import { cancelJob, untilOver } from '@/lib/jobs';
import type { RecordType } from '@/lib/meta';
import { records } from '@/lib/records/api';
import { type BulkCounts, countsOf } from '@/lib/records/bulk';
import { lookAgain } from '@/lib/records/queries';
import type { BulkBody } from '@/lib/records/types';
import { toast } from '@/ui/toast';
import { type Act, doOf, leftOut } from './act';

const t = texts('list');

/** An act on many records that is under way. */
export interface Running {
  /** The job that does it; none yet while it is being asked for. */
  job: string | null;
  done: number;
  /** How many there are, once that is settled. */
  total: number | null;
  stopping: boolean;
}

/** What came of the last one, where not everything was done. */
export interface Outcome {
  counts: BulkCounts;
  left: string[];
  failed: string | null;
}

/** Acts on many records at once, by a job: progress while it runs, one undo for all of it. */
export function useBulk({ name, plural }: RecordType) {
  const client = useQueryClient();
  const takeBack = useTakeBack(toast);
  const [running, setRunning] = useState<Running | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);

  const reload = () => {
    lookAgain(client, plural);
    void client.invalidateQueries({ queryKey: actionKeys.all });
  };

  /** Carries an act out; tells whether all of it was done. */
  const run = async (select: BulkBody['select'], act: Act): Promise<boolean> => {
    setOutcome(null);
    setRunning({ job: null, done: 0, total: null, stopping: false });
    try {
      const { job } = await records.bulk(plural, { select, do: doOf(act) });
      const over = await untilOver(job.id, ({ done, total, state }) =>
        setRunning({ job: job.id, done, total: total ?? null, stopping: state === 'cancelling' }),
      );
      const counts = countsOf(over);
      const left = leftOut(counts);
      const whole = over.state === 'done' && counts.changed + counts.unchanged === counts.selected;
      if (!whole) setOutcome({ counts, left, failed: over.error ?? null });
      const message = t(act.do === 'delete' ? 'bulkDeleted' : 'bulkChanged', { count: counts.changed });
      if (counts.changed > 0) toast.undoable(message, () => void takeBack(job.id, [name]));
      else if (whole) toast.done(t('bulkNothing'));
      return whole;
    } catch (error) {
      toast.failed(error);
      return false;
    } finally {
      setRunning(null);
      reload();
    }
  };

  const stop = () => {
    if (!running?.job) return;
    setRunning({ ...running, stopping: true });
    cancelJob(running.job).catch(toast.failed);
  };

  return { running, outcome, run, stop, dismiss: () => setOutcome(null) };
}

export type Bulk = ReturnType<typeof useBulk>;
