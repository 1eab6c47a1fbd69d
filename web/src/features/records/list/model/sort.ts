/** The order of a list, as the API has it: up to two fields, `-` for descending. */
export interface SortKey {
  field: string;
  descending: boolean;
}

export const DEFAULT_SORT = '-updated_at';
const MOST = 2;

export function sortKeys(sort: string): SortKey[] {
  return sort
    .split(',')
    .filter(Boolean)
    .slice(0, MOST)
    .map((key) => (key.startsWith('-') ? { field: key.slice(1), descending: true } : { field: key, descending: false }));
}

export const sortText = (keys: readonly SortKey[]): string =>
  keys.map(({ field, descending }) => `${descending ? '-' : ''}${field}`).join(',');

/**
 * The order after a click on a header: ascending, descending, and then not by it any more. A click
 * with Shift keeps the other key; of two, the newer goes if there would be three.
 */
export function sortedBy(sort: string, field: string, keepOthers: boolean): string {
  const keys = sortKeys(sort);
  const now = keys.find((key) => key.field === field);
  const next: SortKey[] = !now ? [{ field, descending: false }] : now.descending ? [] : [{ field, descending: true }];
  if (!keepOthers) return sortText(next);
  const others = keys.filter((key) => key.field !== field);
  if (now) return sortText(keys.flatMap((key) => (key.field === field ? next : [key])));
  return sortText([...others.slice(0, MOST - 1), ...next]);
}

/** How a column is sorted, in the words of `aria-sort`. */
export function sortOf(sort: string, field: string): 'ascending' | 'descending' | undefined {
  const key = sortKeys(sort).find((each) => each.field === field);
  return key && (key.descending ? 'descending' : 'ascending');
}
