import { expect, it } from 'vitest';
import { shiftOf } from './shift';

const rows = (ids: string) => [...ids].map((id) => ({ id }));

it('says how far the rows in sight moved, whatever came, went or left among them', () => {
  expect(shiftOf(['d', 'e'], 3, rows('abcdef'))).toBe(0);
  expect(shiftOf(['d', 'e'], 3, rows('xyabcdef'))).toBe(2);
  expect(shiftOf(['d', 'e'], 3, rows('acdef'))).toBe(-1);
  expect(shiftOf(['d', 'e'], 3, rows('xabcef'))).toBe(0);
  expect(shiftOf(['d', 'e'], 3, rows('xyz'))).toBe(0);
});
