import { describe, expect, it } from 'vitest';
import { asksFirst, foretold, told } from './words';

const counts = { reverted: 0, partly: 0, kept: 0, unchanged: 0, refused: 0, hidden: 0 };

describe('an undo', () => {
  it('is done at once where one thing goes back wholly', () => {
    expect(asksFirst({ ...counts, reverted: 1 })).toBe(false);
    expect(asksFirst({ ...counts, reverted: 1, unchanged: 4 })).toBe(false);
  });

  it('is foretold where there are several things, none, or something stays', () => {
    for (const more of [{ reverted: 2 }, { reverted: 0 }, { reverted: 1, kept: 1 }, { reverted: 1, partly: 1 }, { reverted: 1, refused: 1 }, { reverted: 1, hidden: 1 }]) {
      expect(asksFirst({ ...counts, ...more })).toBe(true);
    }
  });

  it('says how much goes back and what stays', () => {
    expect(foretold({ ...counts, reverted: 412, kept: 9 })).toEqual(['412 will revert.', '9 were changed since and are kept.']);
    expect(foretold({ ...counts, kept: 1 })).toEqual(['There is nothing to revert.', '1 was changed since and is kept.']);
    expect(told({ ...counts, reverted: 1 })).toBe('Undone for 1 record.');
    expect(told({ ...counts, reverted: 3, kept: 1, refused: 1, hidden: 1 })).toBe('Undone for 3 records. 3 stay as they are.');
  });
});
