import { expect, test } from 'vitest';
import { changesOf, conflictsOf } from './details';
import { pageAt } from './path';

const seen = { full_name: 'Ana Meier', phone: '+41 31 000 00 00', city: null };

test('only what was changed is sent, and what was emptied is cleared', () => {
  expect(changesOf(seen, { full_name: 'Ana Meier ', phone: '', city: ' Bern' })).toEqual({ phone: null, city: 'Bern' });
  expect(changesOf(seen, { city: '' })).toEqual({});
});

test('a conflict is what both changed, and to something else', () => {
  const now = { full_name: 'Ana Meier-Roth', phone: '+41 31 111 11 11', city: 'Basel' };
  expect(conflictsOf(seen, now, { phone: '+41 31 222 22 22' })).toEqual(['phone']);
  expect(conflictsOf(seen, now, { phone: '+41 31 111 11 11' })).toEqual([]);
  expect(conflictsOf(seen, now, { full_name: 'Ana Meier' })).toEqual([]);
});

test('an address shows one page or none', () => {
  expect(pageAt('/portal')).toBe('home');
  expect(pageAt('/portal/details/')).toBe('details');
  expect(pageAt('/portal/contacts')).toBeNull();
});
