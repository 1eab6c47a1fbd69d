import { expect, it } from 'vitest';
import type { Job } from '@/lib/records/types';
import { everything, NONE } from '../model/selection';
import { countsOf } from '@/lib/records/bulk';
import { doOf, leftOut, selectOf } from './act';

const filter = { field: 'city', op: 'eq', value: 'Bern' };

it('names the records that were chosen, whatever the list is about', () => {
  const chosen = { ...NONE, ids: new Set(['a', 'b']) };
  expect(selectOf(chosen, { q: 'meier', filter })).toEqual({ ids: ['a', 'b'] });
});

it('sends what the list is about for all that match, and says so if that is everything', () => {
  expect(selectOf(everything(), { q: 'meier', filter })).toEqual({ q: 'meier', filter });
  expect(selectOf(everything(), {})).toEqual({ filter: null });
});

it('tells one thing to do', () => {
  expect(doOf({ do: 'set', field: 'city', wire: null })).toEqual({ set: { city: null } });
  expect(doOf({ do: 'assign', to: null })).toEqual({ assign_to: null });
  expect(doOf({ do: 'add', field: 'tags', ids: ['a'] })).toEqual({ add: { tags: ['a'] } });
  expect(doOf({ do: 'remove', field: 'tags', ids: ['a'] })).toEqual({ remove: { tags: ['a'] } });
  expect(doOf({ do: 'delete' })).toEqual({ delete: true });
});

it('says what was left out and why, and nothing where all was done', () => {
  const job = (counts: unknown) => ({ counts }) as Job;
  expect(leftOut(countsOf(job({ selected: 3, changed: 3 })))).toEqual([]);
  expect(leftOut(countsOf(job(null)))).toEqual([]);
  const reasons = [{ code: 'deleted', field: null, message: 'It is deleted.', records: 1200, examples: [] }];
  const lines = leftOut(countsOf(job({ selected: 1206, changed: 1, unchanged: 2, not_permitted: 3, refused: 1200, reasons })));
  expect(lines).toHaveLength(3);
  expect(lines[2]).toMatch(/^1.200: It is deleted\.$/);
});
