import * as z from 'zod/mini';
import { choice, ordinal, part } from '@/lib/search-params';

/** What the address carries wherever a record is shown, in the panel beside a list too. */
export const panelSearch = z.object({
  /** The part that is shown where there is no room for both. */
  tab: choice(['details', 'history']),
});

/** What the address of a record carries. */
export const recordSearch = z.extend(panelSearch, {
  /** The version that is shown instead of the newest. */
  version: ordinal,
  /** What it is compared with: the version before it (if absent), the newest, or any other. */
  against: part(z.union([z.literal('now'), z.int().check(z.positive())])),
});
