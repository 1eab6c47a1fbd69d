import { z } from 'zod';

/** What the address carries wherever a record is shown, in the panel beside a list too. */
export const panelSearch = z.object({
  /** The part that is shown where there is no room for both. */
  tab: z.enum(['details', 'history']).optional().catch(undefined),
});

/** What the address of a record carries. */
export const recordSearch = panelSearch.extend({
  /** The version that is shown instead of the newest. */
  version: z.int().positive().optional().catch(undefined),
  /** What it is compared with: the version before it (if absent), the newest, or any other. */
  against: z.union([z.literal('now'), z.int().positive()]).optional().catch(undefined),
});
