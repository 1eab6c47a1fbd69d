import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import type { AnyRecord } from '@/lib/records/types';
import { shiftOf } from './shift';
import type { Sight } from './sight';

interface Held {
  rows: readonly AnyRecord[];
  question: string;
  first: number;
  ids: string[];
}

interface SightInput {
  sight: Sight;
  scroller: RefObject<HTMLElement | null>;
  rows: readonly AnyRecord[];
  /** What the list asks: the answer to another question has other rows, which nothing holds. */
  question: string;
  range: { startIndex: number; endIndex: number } | null;
  /** In CSS pixels. */
  rowHeight: number;
}

/** Tells which rows are in sight, and holds them where they are when rows come or go above them. */
export function useSight({ sight, scroller, rows, question, range, rowHeight }: SightInput): void {
  const held = useRef<Held | null>(null);
  const first = range?.startIndex ?? 0;
  const last = range?.endIndex ?? 0;

  useLayoutEffect(() => {
    const before = held.current;
    let now = first;
    if (before && before.rows !== rows && before.question === question && before.first > 0) {
      const shift = shiftOf(before.ids, before.first, rows);
      if (shift !== 0 && scroller.current) {
        scroller.current.scrollBy({ top: shift * rowHeight });
        now += shift;
      }
    }
    held.current = { rows, question, first: now, ids: rows.slice(Math.max(0, now), Math.max(0, now) + last - first + 1).map((row) => row.id) };
  }, [rows, question, first, last, rowHeight, scroller]);

  useEffect(() => {
    sight.sees(first, last, () => scroller.current?.scrollTo({ top: 0 }));
  }, [sight, scroller, first, last]);
}
