/** Two people edit one record: what of it is a conflict, and what follows from a choice. */
import { hasCode } from '@/lib/api/problem';
import type { FieldChange } from '@/lib/records/types';
import { type Difference, expanded, type Path, sameValue } from './values';

/** A value that somebody wants to set, and the one that they saw when they began. */
export interface Edit {
  path: Path;
  label: string;
  base: unknown;
  mine: unknown;
}

/** A value that somebody else has set meanwhile, to something else. */
export interface Conflict {
  path: Path;
  label: string;
  original: unknown;
  mine: unknown;
  theirs: unknown;
}

/** What was changed meanwhile, as a refused command tells it. */
export interface Meanwhile {
  version: number;
  changes: readonly Difference[];
}

/** What a `version_conflict` says was changed meanwhile; `null` for other failures. */
export function meanwhileOf(error: unknown): Meanwhile | null {
  if (!hasCode(error, 'version_conflict') || !error.changed) return null;
  const { version, fields } = error.changed as { version?: number; fields?: FieldChange[] };
  if (typeof version !== 'number') return null;
  const net = new Map<Path, Difference>();
  // A field may have been changed more than once: what it was first, and what it is at last.
  for (const change of fields ?? []) {
    // Restoring brings back custom values as a whole, edits set them key by key: both are found.
    const whole = { path: change.field, label: change.label, from: change.from ?? null, to: change.to ?? null };
    for (const each of [whole, ...expanded(change)]) {
      net.set(each.path, { ...each, from: net.has(each.path) ? net.get(each.path)?.from : each.from });
    }
  }
  return { version, changes: [...net.values()] };
}

export interface Judged {
  conflicts: Conflict[];
  /** Edits of values that nobody else has touched: they can be sent again as they are. */
  free: Edit[];
}

/**
 * Which edits are in conflict with what happened meanwhile. None is where the other one set the same,
 * nor where they left what the editor saw (such as one's own earlier change).
 */
export function judge(edits: readonly Edit[], meanwhile: Meanwhile): Judged {
  const judged: Judged = { conflicts: [], free: [] };
  for (const edit of edits) {
    const change = meanwhile.changes.find((each) => each.path === edit.path);
    if (!change || sameValue(change.to, edit.base)) judged.free.push(edit);
    else if (!sameValue(change.to, edit.mine)) {
      judged.conflicts.push({ path: edit.path, label: edit.label, original: edit.base, mine: edit.mine, theirs: change.to });
    }
  }
  return judged;
}

export type Choice = 'mine' | 'theirs';

/** The edits that remain after somebody has chosen: theirs is what is seen now. */
export function resolved(conflicts: readonly Conflict[], choices: Readonly<Record<Path, Choice>>): Edit[] {
  return conflicts
    .filter(({ path }) => choices[path] !== 'theirs')
    .map(({ path, label, theirs, mine }) => ({ path, label, base: theirs, mine }));
}
