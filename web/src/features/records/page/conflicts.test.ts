import { describe, expect, it } from 'vitest';
import { Problem } from '@/lib/api/problem';
import { type Edit, judge, meanwhileOf, resolved } from './conflicts';

const refused = (fields: object[], version = 9) =>
  new Problem({ code: 'version_conflict', changed: { version, fields } as unknown as Record<string, never> }, 409);

function meanwhile(fields: object[]) {
  const found = meanwhileOf(refused(fields));
  if (!found) throw new Error('not told as a conflict');
  return found;
}

const edit = (path: string, base: unknown, mine: unknown): Edit => ({ path, label: path, base, mine });
const status = (id: string) => ({ id, label: id.toUpperCase() });

describe('what happened meanwhile', () => {
  it('is told by a conflict of versions only', () => {
    expect(meanwhileOf(new Problem({ code: 'invalid' }, 422))).toBeNull();
    expect(meanwhileOf(refused([], 4))?.version).toBe(4);
  });

  it('is what a field was first and is at last, however often it was changed', () => {
    const { changes } = meanwhile([
      { field: 'city', label: 'City', from: 'Rome', to: 'Oslo', version: 8 },
      { field: 'city', label: 'City', from: 'Oslo', to: 'Bern', version: 9 },
    ]);
    expect(changes).toEqual([{ path: 'city', label: 'City', from: 'Rome', to: 'Bern' }]);
  });

  it('tells custom values key by key, and as a whole', () => {
    const { changes } = meanwhile([{ field: 'custom', label: 'Custom fields', from: { a: 1, b: 2 }, to: { a: 1, b: 3 } }]);
    expect(changes.map((each) => each.path)).toEqual(['custom', 'custom/b']);
  });
});

describe('an edit', () => {
  it('is free where the other one changed another field', () => {
    const others = meanwhile([{ field: 'city', label: 'City', from: 'Rome', to: 'Oslo' }]);
    const mine = edit('status', status('a'), status('b'));
    expect(judge([mine], others)).toEqual({ conflicts: [], free: [mine] });
  });

  it('is done where the other one set the same', () => {
    const others = meanwhile([{ field: 'status', label: 'Status', from: status('a'), to: { id: 'b', label: 'Renamed' } }]);
    expect(judge([edit('status', status('a'), status('b'))], others)).toEqual({ conflicts: [], free: [] });
  });

  it('is free where what stands now is what its author saw', () => {
    const others = meanwhile([{ field: 'city', label: 'City', from: 'Rome', to: 'Oslo' }]);
    expect(judge([edit('city', 'Oslo', 'Bern')], others).conflicts).toEqual([]);
  });

  it('is in conflict where the other one set something else', () => {
    const others = meanwhile([{ field: 'city', label: 'City', from: 'Rome', to: 'Oslo' }]);
    expect(judge([edit('city', 'Rome', 'Bern')], others).conflicts).toEqual([
      { path: 'city', label: 'city', original: 'Rome', mine: 'Bern', theirs: 'Oslo' },
    ]);
  });

  it('of one custom value does not mind that another was changed', () => {
    const others = meanwhile([{ field: 'custom', label: 'Custom fields', from: { a: 1, b: 2 }, to: { a: 1, b: 3 } }]);
    expect(judge([edit('custom/a', 1, 5)], others).conflicts).toEqual([]);
    expect(judge([edit('custom/b', 2, 5)], others).conflicts).toHaveLength(1);
  });
});

describe('a choice', () => {
  it('keeps mine unless theirs was chosen, and takes theirs for what was seen', () => {
    const conflicts = [
      { path: 'city', label: 'City', original: 'Rome', mine: 'Bern', theirs: 'Oslo' },
      { path: 'state', label: 'State', original: null, mine: 'BE', theirs: 'OS' },
    ];
    expect(resolved(conflicts, { city: 'theirs' })).toEqual([{ path: 'state', label: 'State', base: 'OS', mine: 'BE' }]);
  });
});
