import { describe, expect, it } from 'vitest';
import type { HistoryEntry } from '@/lib/records/types';
import { byDay, happenings, turnOf } from './sentences';

function entry(version: number, type: string, changes: HistoryEntry['changes'] = [], more: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    version,
    position: version,
    recorded_at: '2026-06-01T12:00:00Z',
    type,
    summary: '',
    actor: { id: null, name: 'Ada', kind: 'user' },
    action: { id: `action ${version}`, kind: 'edit' },
    channel: 'api',
    changes,
    erased: false,
    ...more,
  };
}
const change = (field: string, from: unknown, to: unknown) => ({ field, label: field, from, to });

describe('a change of a value', () => {
  it('reads as set, cleared or replaced', () => {
    const base = { path: 'city', label: 'City' };
    expect(turnOf({ ...base, from: null, to: 'Rome' }).kind).toBe('set');
    expect(turnOf({ ...base, from: 'Rome', to: null }).kind).toBe('cleared');
    expect(turnOf({ ...base, from: 'Rome', to: 'Oslo' }).kind).toBe('replaced');
  });

  it('of a list reads as what came and what went', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((id) => ({ id, label: id }));
    expect(turnOf({ path: 'tags', label: 'Tags', from: [a, b], to: [b, c] })).toMatchObject({ kind: 'listed', added: [c], removed: [a] });
    expect(turnOf({ path: 'tags', label: 'Tags', from: null, to: [a] })).toMatchObject({ kind: 'listed', added: [a], removed: [] });
  });
});

describe('the history', () => {
  it('tells entries of one gesture as one, with the version before all of them', () => {
    const action = { id: 'one', kind: 'edit' };
    const told = happenings([
      entry(6, 'contact.status_changed', [change('status', 'a', 'b')], { action, note: 'Signed.' }),
      entry(5, 'contact.details_changed', [change('city', null, 'Rome')], { action }),
      entry(4, 'contact.assigned', [change('assigned_to', null, 'x')]),
    ]);
    expect(told.map(({ version, before }) => [version, before])).toEqual([[6, 4], [4, 3]]);
    expect(told[0]?.turns.map((turn) => turn.path)).toEqual(['city', 'status']);
    expect(told[0]?.notes).toEqual(['Signed.']);
  });

  it('keeps apart a deletion from changes of the same gesture', () => {
    const action = { id: 'one', kind: 'edit' };
    const told = happenings([entry(3, 'contact.deleted', [], { action }), entry(2, 'contact.assigned', [change('city', 'a', 'b')], { action })]);
    expect(told.map((each) => each.deed)).toEqual(['deleted', 'changed']);
  });

  it('leaves out of a new record what says nothing', () => {
    const [told] = happenings([entry(1, 'contact.created', [change('city', null, 'Rome'), change('do_not_contact', null, false), change('custom', null, { a: 1 })])]);
    expect(told?.turns.map((turn) => turn.path)).toEqual(['city', 'custom/a']);
  });

  it('stands under the day on which it was recorded', () => {
    const told = happenings([
      entry(3, 'contact.deleted', [], { recorded_at: '2026-06-02T12:00:00Z' }),
      entry(2, 'contact.restored'),
      entry(1, 'contact.created'),
    ]);
    expect(byDay(told).map((day) => day.happenings.length)).toEqual([1, 2]);
  });
});
