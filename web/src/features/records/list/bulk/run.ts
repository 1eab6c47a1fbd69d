import { hasCode } from '@/lib/api/problem';
import { records } from '@/lib/records/api';
import type { AnyRecord } from '@/lib/records/types';
import { explain } from '@/ui/feedback';
import { isReference } from '../../fields/plain';

/** What to do with each of the selected records. */
export type Act =
  | { do: 'set'; field: string; wire: unknown }
  | { do: 'add'; field: string; ids: readonly string[] }
  | { do: 'take'; field: string; ids: readonly string[] }
  | { do: 'delete' };

export interface Outcome {
  /** What was changed, with the version before. */
  changed: { id: string; before: number }[];
  unchanged: number;
  refused: { name: string; why: string }[];
  stopped: boolean;
}

const idsIn = (value: unknown): string[] => (Array.isArray(value) ? value.filter(isReference).map(({ id }) => id) : []);

/** The value to set; `undefined` where the record is so already. */
export function valueOf(act: Exclude<Act, { do: 'delete' }>, record: AnyRecord): unknown {
  if (act.do === 'set') return act.wire;
  const present = idsIn(record[act.field]);
  const next = act.do === 'add' ? [...new Set([...present, ...act.ids])] : present.filter((id) => !act.ids.includes(id));
  return next.length === present.length ? undefined : next;
}

async function once(plural: string, id: string, act: Act): Promise<{ before: number; after: number; name: string }> {
  const record = await records.read(plural, id);
  const done = { before: record.version, after: record.version, name: record.label };
  const options = { version: record.version };
  if (act.do === 'delete') return { ...done, after: (await records.remove(plural, id, options)).version };
  const value = valueOf(act, record);
  if (value === undefined) return done;
  return { ...done, after: (await records.change(plural, id, { [act.field]: value }, options)).version };
}

/** Carries an act out on one record; once more if somebody else was quicker in between. */
async function onOne(plural: string, id: string, act: Act) {
  try {
    return await once(plural, id, act);
  } catch (error) {
    if (!hasCode(error, 'version_conflict')) throw error;
    return once(plural, id, act);
  }
}

/** Carries an act out on records one after the other, each as a command of its own. */
export async function runAct(
  plural: string,
  chosen: readonly { id: string; label: string }[],
  act: Act,
  progress: (done: number) => void,
  stop: AbortSignal,
): Promise<Outcome> {
  const outcome: Outcome = { changed: [], unchanged: 0, refused: [], stopped: false };
  for (const [index, { id, label }] of chosen.entries()) {
    if (stop.aborted) return { ...outcome, stopped: true };
    try {
      const { before, after } = await onOne(plural, id, act);
      if (after > before) outcome.changed.push({ id, before });
      else outcome.unchanged += 1;
    } catch (error) {
      outcome.refused.push({ name: label, why: explain(error) });
    }
    progress(index + 1);
  }
  return outcome;
}

/** Takes back what an act changed. */
export async function takeBack(plural: string, { changed }: Outcome, act: Act): Promise<number> {
  let refused = 0;
  for (const { id, before } of changed) {
    try {
      if (act.do === 'delete') await records.restore(plural, id);
      else await records.revert(plural, id, before, [act.field]);
    } catch {
      refused += 1;
    }
  }
  return refused;
}
