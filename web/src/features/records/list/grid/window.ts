import type { Total } from '@/lib/records/types';

/** Browsers clamp an element near 33.5 million pixels; rows beyond could not be scrolled to. */
const TALLEST = 33_000_000;
/** So many rows that are not loaded yet can be scrolled into, so that a fast scroll has somewhere to go. */
const AHEAD = 200;

/** How many rows the scroll window has. */
export function windowRows(loaded: number, hasMore: boolean, total: Total | null, rowHeight: number): number {
  const most = Math.floor(TALLEST / rowHeight);
  if (!hasMore) return Math.min(loaded, most);
  const ahead = loaded + AHEAD;
  return Math.min(most, total?.exact ? Math.max(loaded, Math.min(total.value, ahead)) : ahead);
}

/** Whether more rows should be fetched, when that row is the last in sight. */
export function wantsMore(last: number, loaded: number, hasMore: boolean, rowHeight: number): boolean {
  return hasMore && loaded < Math.floor(TALLEST / rowHeight) && last >= loaded - 40;
}
