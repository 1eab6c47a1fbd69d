/**
 * Positions of the log that this tab has caused or seen. Reads carry the highest, so that what one has
 * just written is there; so whatever is shown is as new as the first, if not newer.
 */
let first = 0;
let highest = 0;

export const position = {
  first: () => first,
  highest: () => highest,
  saw(seen: number): void {
    if (!Number.isSafeInteger(seen) || seen <= 0) return;
    if (first === 0) first = seen;
    highest = Math.max(highest, seen);
  },
  /** Another organization has another log. */
  reset(): void {
    first = 0;
    highest = 0;
  },
};
