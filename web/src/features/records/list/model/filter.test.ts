import { describe, expect, it } from 'vitest';
import { appended, asGroup, countOf, filterShape, finished, type Group, isComplete, NOTHING, replaced, toSend, valueFor } from './filter';

const city = { field: 'city', op: 'eq', value: 'Bern' };
const country = { field: 'country', op: 'eq', value: 'Norway' };
const nested: Group = { all: [city, { any: [country, { field: 'email', op: 'empty' }] }] };

describe('a filter in the address', () => {
  it('is what the API takes', () => {
    expect(filterShape.parse(nested)).toEqual(nested);
  });

  it('is refused where it is none, so that a broken link shows a plain list', () => {
    expect(filterShape.safeParse({ all: 'x' }).success).toBe(false);
    expect(filterShape.safeParse({ all: [], any: [] }).success).toBe(false);
    expect(filterShape.safeParse({ all: [{ field: 'city' }] }).success).toBe(false);
    expect(filterShape.safeParse(city).success).toBe(false);
  });

  it('is refused where it is deeper than the server takes', () => {
    const deep = (levels: number): unknown => (levels === 0 ? city : { all: [deep(levels - 1)] });
    expect(filterShape.safeParse(deep(4)).success).toBe(true);
    expect(filterShape.safeParse(deep(5)).success).toBe(false);
  });
});

describe('the filter of a view', () => {
  it('may be one condition', () => {
    expect(asGroup(city)).toEqual({ all: [city] });
    expect(asGroup({ any: [city] })).toEqual({ any: [city] });
    expect(asGroup(null)).toEqual(NOTHING);
  });
});

describe('conditions', () => {
  it('are counted in all groups', () => {
    expect(countOf(nested)).toBe(3);
    expect(countOf(NOTHING)).toBe(0);
  });

  it('are complete with what their operator takes', () => {
    expect(isComplete({ field: 'city', op: 'empty' })).toBe(true);
    expect(isComplete({ field: 'city', op: 'eq' })).toBe(false);
    expect(isComplete({ field: 'city', op: 'eq', value: '' })).toBe(false);
    expect(isComplete({ field: 'is_active', op: 'eq', value: false })).toBe(true);
    expect(isComplete({ field: 'n', op: 'gte', value: 0 })).toBe(true);
    expect(isComplete({ field: 'status', op: 'in', value: [] })).toBe(false);
    expect(isComplete({ field: 'n', op: 'between', value: [1, ''] })).toBe(false);
    expect(isComplete({ field: 'n', op: 'between', value: [1, 2] })).toBe(true);
  });

  it('that are unfinished are left out, with groups that they leave empty', () => {
    const draft: Group = { all: [city, { field: 'x', op: 'eq' }, { any: [{ field: 'y', op: 'in', value: [] }] }] };
    expect(finished(draft)).toEqual({ all: [city] });
    expect(toSend(finished({ any: [{ field: 'x', op: 'eq' }] }))).toBeUndefined();
  });
});

describe('building', () => {
  it('changes one place and leaves the rest', () => {
    expect(replaced(nested, [1, 0], city)).toEqual({ all: [city, { any: [city, { field: 'email', op: 'empty' }] }] });
    expect(replaced(nested, [1], null)).toEqual({ all: [city] });
    expect(replaced(nested, [], { any: [city] })).toEqual({ any: [city] });
  });

  it('adds to the group at a place', () => {
    expect(appended(NOTHING, [], city)).toEqual({ all: [city] });
    expect(appended(nested, [1], city)).toEqual({ all: [city, { any: [country, { field: 'email', op: 'empty' }, city] }] });
  });

  it('keeps a value only where the other operator takes one of its shape', () => {
    expect(valueFor('ne', city, 'text')).toBe('Bern');
    expect(valueFor('in', city, 'text')).toEqual(['Bern']);
    expect(valueFor('eq', { field: 'city', op: 'in', value: ['Bern', 'Basel'] }, 'text')).toBe('Bern');
    expect(valueFor('empty', city, 'text')).toBeUndefined();
    expect(valueFor('gt', { field: 'created_at', op: 'within_last', value: 7 }, 'time')).toBeUndefined();
    expect(valueFor('in', { field: 'tags', op: 'eq', value: ['a', 'b'] }, 'choices')).toEqual(['a', 'b']);
  });
});
