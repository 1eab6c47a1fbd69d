import { describe, expect, it } from 'vitest';
import { intentOf, nextEditable, type Press } from './keyboard';

const extent = { rows: 10, columns: 5, page: 4 };
const at = (row: number, column: number) => ({ row, column });
const press = (key: string, with_: Partial<Press> = {}): Press => ({ key, shift: false, mod: false, alt: false, ...with_ });
const move = (row: number, column: number, extend = false) => ({ do: 'move', to: { row, column }, extend });

describe('moving', () => {
  it('goes by arrows, from the header down to the last row', () => {
    expect(intentOf(press('ArrowDown'), at(0, 2), extent)).toEqual(move(1, 2));
    expect(intentOf(press('ArrowUp'), at(0, 2), extent)).toEqual(move(-1, 2));
    expect(intentOf(press('ArrowUp'), at(-1, 2), extent)).toBeNull();
    expect(intentOf(press('ArrowDown'), at(9, 2), extent)).toBeNull();
    expect(intentOf(press('ArrowRight'), at(3, 4), extent)).toBeNull();
    expect(intentOf(press('ArrowLeft'), at(3, 1), extent)).toEqual(move(3, 0));
  });

  it('goes by pages, to the ends of a row and of the list', () => {
    expect(intentOf(press('PageDown'), at(8, 1), extent)).toEqual(move(9, 1));
    expect(intentOf(press('PageUp'), at(2, 1), extent)).toEqual(move(0, 1));
    expect(intentOf(press('End'), at(2, 1), extent)).toEqual(move(2, 4));
    expect(intentOf(press('Home', { mod: true }), at(7, 3), extent)).toEqual(move(0, 0));
    expect(intentOf(press('End', { mod: true }), at(0, 0), extent)).toEqual(move(9, 4));
  });

  it('goes to the next and previous record by J and K, but not into the header', () => {
    expect(intentOf(press('j'), at(0, 1), extent)).toEqual(move(1, 1));
    expect(intentOf(press('k'), at(0, 1), extent)).toBeNull();
    expect(intentOf(press('k', { mod: true }), at(3, 1), extent)).toBeNull();
  });

  it('selects with Shift across rows only', () => {
    expect(intentOf(press('ArrowDown', { shift: true }), at(0, 2), extent)).toEqual(move(1, 2, true));
    expect(intentOf(press('ArrowRight', { shift: true }), at(0, 2), extent)).toEqual(move(0, 3));
    expect(intentOf(press('ArrowUp', { shift: true }), at(0, 2), extent)).toEqual(move(-1, 2));
  });

  it('stays where it is in an empty list', () => {
    expect(intentOf(press('ArrowDown'), at(-1, 0), { rows: 0, columns: 5, page: 4 })).toBeNull();
  });
});

describe('acting', () => {
  it('opens from the name and edits elsewhere', () => {
    expect(intentOf(press('Enter'), at(2, 1), extent)).toEqual({ do: 'open' });
    expect(intentOf(press('Enter'), at(2, 3), extent)).toEqual({ do: 'edit' });
    expect(intentOf(press('F2'), at(2, 1), extent)).toEqual({ do: 'edit' });
    expect(intentOf(press('Enter', { mod: true }), at(2, 3), extent)).toEqual({ do: 'page' });
  });

  it('selects by Space, and to here with Shift', () => {
    expect(intentOf(press(' '), at(2, 3), extent)).toEqual({ do: 'select' });
    expect(intentOf(press(' ', { shift: true }), at(2, 3), extent)).toEqual({ do: 'extend' });
    expect(intentOf(press('a', { mod: true }), at(2, 3), extent)).toEqual({ do: 'selectAll' });
  });

  it('leaves the header its own buttons, and the browser its own keys', () => {
    expect(intentOf(press('Enter'), at(-1, 2), extent)).toBeNull();
    expect(intentOf(press(' '), at(-1, 2), extent)).toBeNull();
    expect(intentOf(press('ArrowLeft', { alt: true }), at(2, 2), extent)).toBeNull();
    expect(intentOf(press('x'), at(2, 2), extent)).toBeNull();
  });
});

describe('going on to the next value', () => {
  const editable = (column: number) => column === 2 || column === 4;

  it('skips what cannot be edited, and wraps to the next row', () => {
    expect(nextEditable(at(0, 2), extent, editable)).toEqual(at(0, 4));
    expect(nextEditable(at(0, 4), extent, editable)).toEqual(at(1, 2));
    expect(nextEditable(at(1, 2), extent, editable, true)).toEqual(at(0, 4));
  });

  it('ends after the last one', () => {
    expect(nextEditable(at(9, 4), extent, editable)).toBeNull();
    expect(nextEditable(at(0, 2), extent, editable, true)).toBeNull();
    expect(nextEditable(at(0, 2), extent, () => false)).toBeNull();
  });
});
