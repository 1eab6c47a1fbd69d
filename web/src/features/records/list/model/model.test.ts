import { describe, expect, it } from 'vitest';
import type { RecordType } from '@/lib/meta';
import { wantsMore, windowRows } from '../grid/window';
import { columnsFrom, columnsText, fieldsToAsk, moved, movedBeside, shownColumns, widened } from './columns';
import { everything, extended, isSelected, loadedToggled, NONE, toggled } from './selection';
import { sortedBy, sortOf } from './sort';

const field = (name: string, kind = 'text') => ({ name, label: name, kind, sortable: true, operators: [] });
const type = {
  name: 'contact',
  plural: 'contacts',
  fields: [field('email', 'email'), field('city'), field('custom', 'custom')],
  system_fields: [{ name: 'name', sortable: true, operators: [] }, { name: 'updated_at', sortable: true, operators: [] }],
} as unknown as RecordType;

describe('order', () => {
  it('turns from up to down to none by clicks', () => {
    expect(sortedBy('-updated_at', 'email', false)).toBe('email');
    expect(sortedBy('email', 'email', false)).toBe('-email');
    expect(sortedBy('-email', 'email', false)).toBe('');
  });

  it('keeps another key with Shift, but never three', () => {
    expect(sortedBy('email', 'city', true)).toBe('email,city');
    expect(sortedBy('email,city', 'city', true)).toBe('email,-city');
    expect(sortedBy('email,city', 'name', true)).toBe('email,name');
    expect(sortedBy('email,-city', 'city', true)).toBe('email');
  });

  it('is said for each column', () => {
    expect(sortOf('email,-city', 'city')).toBe('descending');
    expect(sortOf('email', 'city')).toBeUndefined();
  });
});

describe('columns', () => {
  it('come back from the address as they went', () => {
    const placed = [{ name: 'email', width: 220 }, { name: 'city' }];
    expect(columnsFrom(columnsText(placed))).toEqual(placed);
  });

  it('are shown after the name, once each, and only those that there are', () => {
    const shown = shownColumns(type, columnsFrom('city,city,unknown,custom,updated_at'));
    expect(shown.map((column) => column.name)).toEqual(['name', 'city', 'updated_at']);
  });

  it('ask the server for fields only, since what every record has comes anyway', () => {
    expect(fieldsToAsk(shownColumns(type, columnsFrom('email,updated_at')))).toBe('email');
  });

  it('move past each other, the name staying first', () => {
    const placed = columnsFrom('name:300,email,city');
    expect(columnsText(moved(placed, 'city', -1))).toBe('name:300,city,email');
    expect(columnsText(moved(placed, 'email', -1))).toBe('name:300,email,city');
  });

  it('are put beside each other, and never before that of the name', () => {
    const placed = columnsFrom('name:300,email,city,phone');
    const text = (name: string, beside: string, after: boolean) => columnsText(movedBeside(placed, name, beside, after));
    expect(text('phone', 'email', false)).toBe('name:300,phone,email,city');
    expect(text('email', 'phone', true)).toBe('name:300,city,phone,email');
    expect(text('phone', 'name', true)).toBe('name:300,phone,email,city');
    expect(text('phone', 'name', false)).toBe('name:300,phone,email,city');
    expect(text('name', 'phone', true)).toBe('name:300,email,city,phone');
    expect(columnsText(movedBeside(columnsFrom('email,city'), 'city', 'name', true))).toBe('city,email');
  });

  it('have widths within bounds', () => {
    expect(columnsText(widened(columnsFrom('email'), 'email', 5))).toBe('email:64');
    expect(columnsText(widened(columnsFrom('email'), 'name', 300))).toBe('name:300,email');
  });
});

describe('selection', () => {
  const loaded = ['a', 'b', 'c', 'd'];

  it('extends from the last one chosen, either way', () => {
    const from = toggled(NONE, 'c', loaded);
    expect([...extended(from, 'a', loaded).ids].sort()).toEqual(['a', 'b', 'c']);
    expect([...extended(from, 'd', loaded).ids].sort()).toEqual(['c', 'd']);
  });

  it('of everything that matches becomes one of rows when one is taken out', () => {
    const less = toggled(everything(), 'b', loaded);
    expect(less.all).toBe(false);
    expect([...less.ids]).toEqual(['a', 'c', 'd']);
    expect(isSelected(everything(), 'not loaded')).toBe(true);
  });

  it('turns all loaded rows on, then off', () => {
    const all = loadedToggled(NONE, loaded);
    expect(all.ids.size).toBe(4);
    expect(loadedToggled(all, loaded)).toBe(NONE);
  });
});

describe('the scroll window', () => {
  it('is as tall as what is loaded, and a little more while there is more', () => {
    expect(windowRows(321, false, { value: 321, exact: true }, 32)).toBe(321);
    expect(windowRows(60, true, { value: 321, exact: true }, 32)).toBe(260);
    expect(windowRows(260, true, { value: 321, exact: true }, 32)).toBe(321);
    expect(windowRows(60, true, { value: 10_000, exact: false }, 32)).toBe(260);
  });

  it('never is taller than browsers can scroll', () => {
    expect(windowRows(2_000_000, true, null, 44) * 44).toBeLessThanOrEqual(33_000_000);
    expect(wantsMore(749_999, 750_000, true, 44)).toBe(false);
  });
});
