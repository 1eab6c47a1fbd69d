import { z } from 'zod';

/** What the address of a record carries. */
export const recordSearch = z.object({
  /** The version that is shown instead of the newest. */
  version: z.int().positive().optional().catch(undefined),
});
