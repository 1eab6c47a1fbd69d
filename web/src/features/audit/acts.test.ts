import { expect, it } from 'vitest';
import { acts } from './acts';
import type { AuditEntry } from './audit-queries';

const entry = (position: number, action: string) => ({ position, action_id: action }) as AuditEntry;
const shape = (entries: AuditEntry[], folded: boolean) => acts(entries, folded).map(({ shown, more }) => [shown.map((each) => each.position), more]);

it('lets the newest entry of a long act stand for all of it, and short acts as they are', () => {
  const long = [9, 8, 7, 6].map((position) => entry(position, 'a'));
  expect(shape([...long, entry(5, 'b'), entry(4, 'b'), entry(3, 'a')], true)).toEqual([[[9], 3], [[5, 4], 0], [[3], 0]]);
});

it('shows every entry where one act was asked for', () => {
  const long = [4, 3, 2, 1].map((position) => entry(position, 'a'));
  expect(shape(long, false)).toEqual([[[4, 3, 2, 1], 0]]);
});
