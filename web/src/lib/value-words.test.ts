import { expect, it } from 'vitest';
import { valueWords } from './value-words';

it('names what a value refers to, and never shows an object as such', () => {
  expect(valueWords([{ id: 'x', label: 'Ada' }, { id: 'y', label: 'Ben' }])).toBe('Ada, Ben');
  expect(valueWords({ amount: 1250, currency: 'EUR' })).toContain('12.50');
  expect(valueWords({ a: { b: true } })).toBe('a: b: Yes');
  expect(valueWords([])).toBe('nothing');
});
