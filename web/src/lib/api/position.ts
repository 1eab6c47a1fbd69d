/**
 * The highest position of the log that this tab has caused or seen. Reads carry it, so that what one
 * has just written is there.
 */
let highest = 0;

export const position = {
  get: () => highest,
  saw(value: string | null): void {
    const seen = Number(value);
    if (Number.isSafeInteger(seen) && seen > highest) highest = seen;
  },
  /** Another organization has another log. */
  reset(): void {
    highest = 0;
  },
};
