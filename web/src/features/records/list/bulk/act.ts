import { number } from '@/lib/format';
import { texts } from '@/lib/i18n';
import type { BulkCounts } from '@/lib/records/bulk';
import type { BulkBody } from '@/lib/records/types';
import type { Selection } from '../model/selection';

const t = texts('list');

/** What to do with each of the selected records. */
export type Act =
  | { do: 'set'; field: string; wire: unknown }
  | { do: 'assign'; to: string | null }
  | { do: 'add' | 'remove'; field: string; ids: readonly string[] }
  | { do: 'delete' };

/** What the list is about. */
export interface Matching {
  q?: string;
  filter?: unknown;
}

/** The records, as the API wants them told: those that are named, or all that the list is about. */
export function selectOf(selection: Selection, { q, filter }: Matching): BulkBody['select'] {
  if (!selection.all) return { ids: [...selection.ids] };
  return { filter: (filter ?? null) as NonNullable<BulkBody['select']['filter']>, ...(q ? { q } : {}) };
}

/** The act, as the API wants it told. */
export function doOf(act: Act): BulkBody['do'] {
  switch (act.do) {
    case 'set':
      return { set: { [act.field]: act.wire } };
    case 'assign':
      return { assign_to: act.to };
    case 'add':
      return { add: { [act.field]: [...act.ids] } };
    case 'remove':
      return { remove: { [act.field]: [...act.ids] } };
    case 'delete':
      return { delete: true };
  }
}

/** What was not done, and why, line by line; nothing if all was. */
export function leftOut(counts: BulkCounts): string[] {
  const plain = (['unchanged', 'not_permitted', 'not_found'] as const).filter((name) => counts[name] > 0);
  return [
    ...plain.map((name) => t(`bulkLeft_${name}`, { count: counts[name] })),
    ...counts.reasons.map(({ records, message }) => `${number(records)}: ${message}`),
  ];
}
