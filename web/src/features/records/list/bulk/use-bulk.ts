import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { texts } from '@/lib/i18n';
import { lookAgain } from '@/lib/records/queries';
import { toast } from '@/ui/toast';
import { type Act, type Outcome, runAct, takeBack } from './run';

const t = texts('list');

/** An act on several records that is under way, or what became of the last one. */
export interface Running {
  done: number;
  total: number;
}

/** Acts on the selected records: progress while they run, one undo for all after it. */
export function useBulk(plural: string) {
  const client = useQueryClient();
  const [running, setRunning] = useState<Running | null>(null);
  const [refused, setRefused] = useState<Outcome['refused']>([]);
  const stop = useRef<AbortController | null>(null);

  const reload = () => lookAgain(client, plural);

  const undo = async (outcome: Outcome, act: Act) => {
    const failed = await takeBack(plural, outcome, act);
    toast.done(failed > 0 ? t('bulkUndoneButFor', { count: failed }) : t('bulkUndone'));
    reload();
  };

  const run = async (chosen: readonly { id: string; label: string }[], act: Act) => {
    const control = new AbortController();
    stop.current = control;
    setRefused([]);
    setRunning({ done: 0, total: chosen.length });
    const outcome = await runAct(plural, chosen, act, (done) => setRunning({ done, total: chosen.length }), control.signal);
    setRunning(null);
    setRefused(outcome.refused);
    reload();
    const message = t(act.do === 'delete' ? 'bulkDeleted' : 'bulkChanged', { count: outcome.changed.length });
    if (outcome.changed.length > 0) toast.undoable(message, () => void undo(outcome, act));
    else if (outcome.refused.length === 0) toast.done(t('bulkNothing'));
    return outcome;
  };

  return { running, refused, run, stop: () => stop.current?.abort(), dismiss: () => setRefused([]) };
}
