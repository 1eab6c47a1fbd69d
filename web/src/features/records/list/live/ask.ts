import type { Search } from '@/lib/records/types';
import type { Asked } from '../rows';

/** So many rows the API answers at once, and so many ids it takes. */
export const AT_ONCE = 200;

/** The question of a list, about certain records only: those answer that still match it. */
export function aboutThese(asked: Asked, ids: readonly string[]): Search {
  const these = { field: 'id', op: 'in', value: ids };
  const filter = asked.filter as { all?: unknown[] } | null | undefined;
  const all = !filter ? [these] : filter.all ? [...filter.all, these] : [filter, these];
  return { ...asked, filter: { all } as unknown as NonNullable<Search['filter']>, limit: AT_ONCE };
}

/** Ids in portions that can be asked for at once. */
export function portions(ids: readonly string[]): string[][] {
  const all: string[][] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE) all.push(ids.slice(at, at + AT_ONCE));
  return all;
}
