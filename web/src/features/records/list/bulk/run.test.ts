import { expect, it } from 'vitest';
import type { AnyRecord } from '@/lib/records/types';
import { valueOf } from './run';

const record = { tags: [{ id: 'a', label: 'A' }, { id: 'b', label: 'B' }] } as unknown as AnyRecord;

it('adds to what a record has, and sends nothing where it has all', () => {
  expect(valueOf({ do: 'add', field: 'tags', ids: ['b', 'c'] }, record)).toEqual(['a', 'b', 'c']);
  expect(valueOf({ do: 'add', field: 'tags', ids: ['a'] }, record)).toBeUndefined();
});

it('takes from what a record has, and sends nothing where it has none of them', () => {
  expect(valueOf({ do: 'take', field: 'tags', ids: ['a', 'x'] }, record)).toEqual(['b']);
  expect(valueOf({ do: 'take', field: 'tags', ids: ['x'] }, record)).toBeUndefined();
});
