import type { AuditEntry } from './audit-queries';

/** So many entries of one act in a row are shown; of more, the first stands for all of them. */
const MOST = 3;

export interface ShownAct {
  shown: AuditEntry[];
  /** How many of the act follow that are not shown. */
  more: number;
}

/** Entries in a row that belong to one act, long acts by their newest entry. */
export function acts(entries: readonly AuditEntry[], folded: boolean): ShownAct[] {
  const runs: AuditEntry[][] = [];
  for (const entry of entries) {
    const run = runs.at(-1);
    if (run?.[0]?.action_id === entry.action_id) run.push(entry);
    else runs.push([entry]);
  }
  return runs.map((run) => (folded && run.length > MOST ? { shown: run.slice(0, 1), more: run.length - 1 } : { shown: run, more: 0 }));
}
