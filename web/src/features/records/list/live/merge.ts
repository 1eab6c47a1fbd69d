/** Loaded pages of a list, and what is newer, put together without a jump. */
import type { AnyRecord, RecordPage } from '@/lib/records/types';

type Pages = readonly RecordPage[];

export const idsIn = (pages: Pages): Set<string> => new Set(pages.flatMap((page) => page.items.map((row) => row.id)));

/**
 * The pages with rows that were asked for again in their places: newer ones as they are now, and without
 * those that did not come back. What is as new already stays the same, so that nothing is drawn again.
 */
export function patched(pages: Pages, asked: ReadonlySet<string>, fresh: readonly AnyRecord[]): RecordPage[] {
  const found = new Map(fresh.map((row) => [row.id, row]));
  return pages.map((page) => {
    let touched = false;
    const items = page.items.flatMap((row) => {
      if (!asked.has(row.id)) return [row];
      const now = found.get(row.id);
      if (now && now.version <= row.version) return [row];
      touched = true;
      return now ? [now] : [];
    });
    return touched ? { ...page, items } : page;
  });
}

/**
 * How many rows of a fresh first page are new. Where no more than a page is loaded, those at its end are
 * not: they only moved up into it, and come by scrolling.
 */
export function unseen(pages: Pages, first: RecordPage): number {
  const loaded = idsIn(pages);
  const isKnown = first.items.map((row) => loaded.has(row.id));
  const last = isKnown.lastIndexOf(true);
  const end = loaded.size > first.items.length || last < 0 ? isKnown.length : last;
  return isKnown.slice(0, end).filter((known) => !known).length;
}

/**
 * Whether a fresh first page may have so much in it that rows between its end and those loaded are
 * missing. What was changed lies together in most orders, so half a page of it is taken as a sign.
 */
export function hasGap(pages: Pages, first: RecordPage, changed: number): boolean {
  const half = first.items.length / 2;
  return first.next_cursor !== null && pages.some((page) => page.items.length > 0) && (changed > half || unseen(pages, first) > half);
}

/**
 * The pages with a fresh first page in front. Rows that it pushes down stay, right behind it; a row that
 * came up from further down stands only where it is now.
 */
export function withFirst([before, ...others]: Pages, first: RecordPage): RecordPage[] {
  if (!before) return [first];
  const known = new Map(before.items.map((row) => [row.id, row]));
  // A row that is shown as a command answered it may be newer than what was read.
  const items = first.items.map((row) => {
    const shown = known.get(row.id);
    return shown && shown.version > row.version ? shown : row;
  });
  const fresh = new Set(items.map((row) => row.id));
  const rest = before.items.filter((row) => !fresh.has(row.id));
  const page = {
    items: [...items, ...rest],
    next_cursor: rest.length > 0 ? before.next_cursor : first.next_cursor,
    total: first.total ?? before.total,
  };
  return [page, ...others.map((other) => without(other, fresh))];
}

function without(page: RecordPage, ids: ReadonlySet<string>): RecordPage {
  const items = page.items.filter((row) => !ids.has(row.id));
  return items.length === page.items.length ? page : { ...page, items };
}

/** The pages with another number of all that match. */
export function withTotal([before, ...others]: Pages, total: RecordPage['total']): RecordPage[] {
  return before ? [{ ...before, total: total ?? before.total }, ...others] : [];
}
