import { expect, it } from 'vitest';
import type { Field } from '@/lib/meta';
import type { AnyRecord } from '@/lib/records/types';
import { attemptsToBringBack } from './bring-back';
import { changesOf } from './values';

const record = (version: number, values: Record<string, unknown>): AnyRecord => ({ id: 'x', label: 'x', version, deleted: false, ...values });
const fields = [{ name: 'city', label: 'City' }] as Field[];
const now = record(5, { city: 'Bern', custom: { size: 'L', colour: 'red' } });
const then = record(2, { city: 'Basel', custom: { size: 'M' } });

it('brings one custom value back and leaves the others as they are', () => {
  const [part, ...none] = attemptsToBringBack(fields, now, then, ['custom/size']);
  expect(none).toEqual([]);
  expect(part).toEqual({ revert: false, edits: [{ path: 'custom/size', label: 'size', base: 'L', mine: 'M' }] });
  expect(changesOf(part?.edits ?? [])).toEqual({ custom: { size: 'M' } });
});

it('takes a custom value away that was not there then', () => {
  const [part] = attemptsToBringBack(fields, now, then, ['custom/colour']);
  expect(changesOf(part?.edits ?? [])).toEqual({ custom: { colour: null } });
});

it('reverts fields, and sets custom values after them', () => {
  const parts = attemptsToBringBack(fields, now, then, ['custom/size', 'city']);
  expect(parts.map(({ revert, edits }) => [revert, edits.map(({ path }) => path)])).toEqual([
    [true, ['city']],
    [false, ['custom/size']],
  ]);
});
