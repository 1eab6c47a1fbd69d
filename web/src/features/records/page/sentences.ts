/** The history as sentences: who did what, gesture by gesture, day by day. */
import { dayOf } from '@/lib/format';
import type { HistoryEntry } from '@/lib/records/types';
import { isReference } from '../fields/draft';
import { type Difference, expanded, isBlank } from './values';

type Reference = { id: string; label: string };

/** How one value changed. */
export type Turn =
  | { kind: 'set'; path: string; label: string; to: unknown }
  | { kind: 'cleared'; path: string; label: string; from: unknown }
  | { kind: 'replaced'; path: string; label: string; from: unknown; to: unknown }
  | { kind: 'listed'; path: string; label: string; added: Reference[]; removed: Reference[] };

/** What happened to the record as a whole. */
export type Deed = 'created' | 'deleted' | 'restored' | 'changed' | 'other';

/** What one gesture did to the record: one or more entries of the history. */
export interface Happening {
  /** The version since. */
  version: number;
  /** The version that stood before it; 0 if there was none. */
  before: number;
  deed: Deed;
  turns: Turn[];
  /** The newest entry of it: who, when, from where. */
  entry: HistoryEntry;
  notes: string[];
  erased: boolean;
}

const references = (value: unknown): Reference[] => (Array.isArray(value) ? value.filter(isReference) : []);

/** How a change of one value reads. */
export function turnOf({ path, label, from, to }: Difference): Turn {
  if (references(from).length > 0 || references(to).length > 0) {
    const [before, after] = [references(from), references(to)];
    return {
      kind: 'listed',
      path,
      label,
      added: after.filter((each) => !before.some((other) => other.id === each.id)),
      removed: before.filter((each) => !after.some((other) => other.id === each.id)),
    };
  }
  if (isBlank(from)) return { kind: 'set', path, label, to };
  if (isBlank(to)) return { kind: 'cleared', path, label, from };
  return { kind: 'replaced', path, label, from, to };
}

function deedOf(entry: HistoryEntry): Deed {
  const verb = entry.type.split('.')[1];
  if (verb === 'created' || verb === 'deleted' || verb === 'restored') return verb;
  return entry.changes.length > 0 ? 'changed' : 'other';
}

/** The values of a new record that say something: those that are nothing, and a plain no, are left out. */
const telling = (change: Difference): boolean => !isBlank(change.to) && change.to !== false;

function happeningOf(entry: HistoryEntry): Happening {
  const deed = deedOf(entry);
  const changes = entry.changes.flatMap(expanded);
  return {
    version: entry.version,
    before: entry.version - 1,
    deed,
    turns: (deed === 'created' ? changes.filter(telling) : changes).map(turnOf),
    entry,
    notes: [entry.reason, entry.note].filter((note): note is string => Boolean(note)),
    erased: entry.erased,
  };
}

/** Entries of one gesture read as one, if they do not speak of the record as a whole. */
function joins(newer: Happening, older: Happening): boolean {
  return (
    newer.entry.action.id === older.entry.action.id &&
    newer.before === older.version &&
    newer.deed === 'changed' &&
    older.deed === 'changed' &&
    !older.turns.some((turn) => newer.turns.some((other) => other.path === turn.path))
  );
}

/** Entries, newest first, as happenings, newest first. */
export function happenings(entries: readonly HistoryEntry[]): Happening[] {
  const told: Happening[] = [];
  for (const entry of entries) {
    const next = happeningOf(entry);
    const last = told.at(-1);
    if (!last || !joins(last, next)) {
      told.push(next);
      continue;
    }
    told[told.length - 1] = {
      ...last,
      before: next.before,
      turns: [...next.turns, ...last.turns],
      notes: [...new Set([...next.notes, ...last.notes])],
      erased: last.erased || next.erased,
    };
  }
  return told;
}

export interface Day {
  /** As people write it. */
  day: string;
  happenings: Happening[];
}

/** Happenings by the day on which they were recorded, in the time zone of the browser. */
export function byDay(told: readonly Happening[]): Day[] {
  const days: Day[] = [];
  for (const happening of told) {
    const day = dayOf(happening.entry.recorded_at);
    const last = days.at(-1);
    if (last?.day === day) last.happenings.push(happening);
    else days.push({ day, happenings: [happening] });
  }
  return days;
}
