import { expect, it } from 'vitest';
import { Problem } from '@/lib/api/problem';
import { toEach } from './restore';

it('goes on after a refusal, and tells each reason once', async () => {
  const tried: string[] = [];
  const outcome = await toEach(['a', 'b', 'c', 'd'], async (id) => {
    tried.push(id);
    if (id === 'b' || id === 'c') throw new Problem({ code: 'x', detail: 'Not yours.' }, 403);
  });
  expect(tried).toEqual(['a', 'b', 'c', 'd']);
  expect(outcome).toEqual({ done: ['a', 'd'], refused: { count: 2, reasons: ['Not yours.'] } });
});
