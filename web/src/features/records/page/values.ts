/** Values of records: where they stand, whether they are the same, how they differ. */
import type { Field } from '@/lib/meta';
import type { AnyRecord, Changes, FieldChange } from '@/lib/records/types';
import { isReference, toWire } from '../fields/draft';

/** The member of a record that holds the custom values, by key. */
export const CUSTOM = 'custom';
/** Where a value stands: the name of its field, or, for a custom value, this and its key. */
export type Path = string;

export const customPath = (key: string): Path => `${CUSTOM}/${key}`;

/** The key of a custom value; `null` for the value of a field. */
export function customKey(path: Path): string | null {
  return path.startsWith(`${CUSTOM}/`) ? path.slice(CUSTOM.length + 1) : null;
}

/** The custom values of a record, by key. */
export function customOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

export function valueAt(record: AnyRecord, path: Path): unknown {
  const key = customKey(path);
  return (key === null ? record[path] : customOf(record[CUSTOM])[key]) ?? null;
}

export function isBlank(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** A form of a value in which equal values are equal: references by id, sets in order. */
function canonical(value: unknown): unknown {
  if (isBlank(value)) return null;
  if (isReference(value)) return value.id;
  if (Array.isArray(value)) return value.map(canonical).sort();
  if (typeof value === 'object') {
    const entries = Object.entries(value as object).filter(([, each]) => each !== null);
    return entries.map(([key, each]) => [key, canonical(each)]).sort(([one], [other]) => String(one).localeCompare(String(other)));
  }
  return value;
}

export function sameValue(one: unknown, other: unknown): boolean {
  return JSON.stringify(canonical(one)) === JSON.stringify(canonical(other));
}

/** A value before and after. */
export interface Difference {
  path: Path;
  label: string;
  from: unknown;
  to: unknown;
}

/** A change of the custom values, key by key; any other change as it is. */
export function expanded({ field, label, from, to }: FieldChange): Difference[] {
  if (field !== CUSTOM) return [{ path: field, label, from: from ?? null, to: to ?? null }];
  const [before, after] = [customOf(from), customOf(to)];
  const all = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return all
    .filter((key) => !sameValue(before[key], after[key]))
    .map((key) => ({ path: customPath(key), label: key, from: before[key] ?? null, to: after[key] ?? null }));
}

/** What differs between two states of a record, in the order of the fields. */
export function differences(fields: readonly Field[], before: AnyRecord, after: AnyRecord): Difference[] {
  return fields
    .flatMap((field) => expanded({ field: field.name, label: field.label, from: before[field.name], to: after[field.name] }))
    .filter(({ from, to }) => !sameValue(from, to));
}

/** What to send to set those values. */
export function changesOf(edits: readonly { path: Path; mine: unknown }[]): Changes {
  const changes: Changes = {};
  for (const { path, mine } of edits) {
    const key = customKey(path);
    if (key === null) changes[path] = toWire(mine);
    else changes[CUSTOM] = { ...customOf(changes[CUSTOM]), [key]: toWire(mine) };
  }
  return changes;
}
