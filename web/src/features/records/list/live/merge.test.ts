import { describe, expect, it } from 'vitest';
import type { AnyRecord, RecordPage } from '@/lib/records/types';
import { hasGap, patched, unseen, withFirst, withTotal } from './merge';

const row = (id: string, version = 1): AnyRecord => ({ id, label: `${id}${version}`, version, deleted: false });
const page = (ids: string, next: string | null = null, total = 9): RecordPage => ({
  items: [...ids].map((id) => row(id)),
  next_cursor: next,
  total: { value: total, exact: true },
});
const ids = (pages: readonly RecordPage[]) => pages.map((each) => each.items.map((item) => item.id).join(''));

describe('rows that were asked for again', () => {
  it('stand in their places, and leave if they did not come back', () => {
    const pages = [page('abc', 'x'), page('def')];
    const next = patched(pages, new Set(['b', 'e']), [row('b', 2)]);
    expect(ids(next)).toEqual(['abc', 'df']);
    expect(next[0]?.items[1]?.label).toBe('b2');
  });

  it('never replace what is shown already as newer, and touch no other page', () => {
    const pages = [{ ...page(''), items: [row('a', 3)] }, page('b')];
    const next = patched(pages, new Set(['a']), [row('a', 2)]);
    expect(next[0]).toBe(pages[0]);
    expect(next[1]).toBe(pages[1]);
  });
});

describe('a fresh first page', () => {
  it('brings new rows in front and keeps those that it pushed down', () => {
    const next = withFirst([page('abc', 'x'), page('def', 'y')], page('nab', 'z', 10));
    expect(ids(next)).toEqual(['nabc', 'def']);
    expect(next[0]?.next_cursor).toBe('x');
    expect(next[0]?.total).toEqual({ value: 10, exact: true });
  });

  it('takes a row that came up away from where it was', () => {
    expect(ids(withFirst([page('abc', 'x'), page('def')], page('eab', 'z')))).toEqual(['eabc', 'df']);
  });

  it('goes on where it ends, if nothing of the page before is left behind it', () => {
    const next = withFirst([page('ab', 'x')], page('abc', 'z'));
    expect(ids(next)).toEqual(['abc']);
    expect(next[0]?.next_cursor).toBe('z');
  });

  it('keeps a row that is shown newer than it was read', () => {
    const shown = { ...page(''), items: [row('a', 5)] };
    expect(withFirst([shown], page('a'))[0]?.items[0]?.version).toBe(5);
  });

  it('may leave a gap behind it if half of it is new, or half as many were changed', () => {
    const loaded = [page('abcdef', 'x')];
    expect(hasGap(loaded, page('nabcde', 'z'), 1)).toBe(false);
    expect(hasGap(loaded, page('mnopab', 'z'), 4)).toBe(true);
    expect(hasGap(loaded, page('abcdef', 'z'), 100)).toBe(true);
    expect(hasGap(loaded, page('mnopab', null), 4)).toBe(false);
  });

  it('says how many of its rows are not loaded', () => {
    expect(unseen([page('abc'), page('de')], page('xeyab'))).toBe(2);
    expect(unseen([], page('ab'))).toBe(2);
  });

  it('does not take a row for new that only moved up into it', () => {
    expect(unseen([page('bc', 'x')], page('bcd', 'y'))).toBe(0);
    expect(unseen([page('bc', 'x')], page('nbc', 'y'))).toBe(1);
    expect(unseen([page('abc', 'x'), page('def')], page('abz', 'y'))).toBe(1);
  });
});

it('says another total without touching rows', () => {
  const pages = [page('abc'), page('d')];
  const next = withTotal(pages, { value: 3, exact: true });
  expect(next[0]?.items).toBe(pages[0]?.items);
  expect(next[0]?.total).toEqual({ value: 3, exact: true });
});
