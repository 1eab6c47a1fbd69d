import { expect, it } from 'vitest';
import type { Job } from '@/lib/records/types';
import { outcomeOf } from './restore';

const over = (counts: object) => ({ state: 'done', counts }) as unknown as Job;
const reason = (message: string) => ({ code: 'x', field: null, message, records: 1, examples: [] });

it('counts what came back in spite of refusals, and tells each reason once', () => {
  const outcome = outcomeOf(over({ selected: 4, changed: 2, refused: 2, reasons: [reason('Not yours.'), reason('Not yours.')] }));
  expect(outcome).toEqual({ done: 2, refused: { count: 2, reasons: ['Not yours.'] } });
});

it('takes what somebody else brought back meanwhile for done', () => {
  expect(outcomeOf(over({ selected: 2, changed: 1, not_found: 1 }))).toEqual({ done: 1, refused: { count: 0, reasons: [] } });
});
