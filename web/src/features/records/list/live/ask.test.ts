import { expect, it } from 'vitest';
import type { Asked } from '../rows';
import { aboutThese, portions } from './ask';

const these = { field: 'id', op: 'in', value: ['x'] };
const filterOf = (filter: unknown) => aboutThese({ sort: 'name', filter } as unknown as Asked, ['x']).filter;

it('asks whether certain records still match, whatever the filter is', () => {
  const city = { field: 'city', op: 'eq', value: 'Bern' };
  expect(filterOf(undefined)).toEqual({ all: [these] });
  expect(filterOf({ all: [city] })).toEqual({ all: [city, these] });
  expect(filterOf({ any: [city] })).toEqual({ all: [{ any: [city] }, these] });
});

it('asks for no more at once than the API takes', () => {
  expect(portions(Array.from({ length: 450 }, (_, at) => `${at}`)).map((part) => part.length)).toEqual([200, 200, 50]);
});
