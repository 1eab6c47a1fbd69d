import { describe, expect, it } from 'vitest';
import type { Field } from '@/lib/meta';
import { changesOf, differences, sameValue } from './values';

const record = (values: object) => ({ id: 'x', label: 'X', version: 1, deleted: false, ...values });
const fields = ['city', 'tags', 'custom'].map((name) => ({ name, label: name }) as Field);

describe('values', () => {
  it('are the same by id, in any order, and where both say nothing', () => {
    expect(sameValue({ id: 'a', label: 'Lead' }, { id: 'a', label: 'Was renamed' })).toBe(true);
    expect(sameValue([{ id: 'a', label: '' }, { id: 'b', label: '' }], [{ id: 'b', label: '' }, { id: 'a', label: '' }])).toBe(true);
    expect(sameValue(null, [])).toBe(true);
    expect(sameValue(undefined, {})).toBe(true);
    expect(sameValue({ amount: 100, currency: 'EUR' }, { currency: 'EUR', amount: 100 })).toBe(true);
  });

  it('are not the same where no is said instead of nothing', () => {
    expect(sameValue(false, null)).toBe(false);
    expect(sameValue(0, null)).toBe(false);
    expect(sameValue('1', 1)).toBe(false);
  });
});

describe('two states of a record', () => {
  it('differ by field, and by key of the custom values', () => {
    const before = record({ city: 'Rome', tags: null, custom: { a: 1, b: 2 } });
    const after = record({ city: 'Oslo', tags: [], custom: { b: 2, c: true } });
    expect(differences(fields, before, after)).toEqual([
      { path: 'city', label: 'city', from: 'Rome', to: 'Oslo' },
      { path: 'custom/a', label: 'a', from: 1, to: null },
      { path: 'custom/c', label: 'c', from: null, to: true },
    ]);
  });
});

describe('what is sent', () => {
  it('names references by id and custom values by key', () => {
    const edits = [
      { path: 'status', mine: { id: 's1', label: 'Lead' } },
      { path: 'tags', mine: [{ id: 't1', label: 'Vip' }] },
      { path: 'custom/a', mine: 5 },
      { path: 'custom/b', mine: null },
      { path: 'city', mine: null },
    ];
    expect(changesOf(edits)).toEqual({ status: 's1', tags: ['t1'], custom: { a: 5, b: null }, city: null });
  });
});
