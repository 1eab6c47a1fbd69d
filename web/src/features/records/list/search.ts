import { z } from 'zod';

/** What the address of a list carries: everything that decides what it shows. */
export const listSearch = z.object({
  q: z.string().max(200).optional().catch(undefined),
  sort: z.string().max(100).optional().catch(undefined),
  /** The record in the side panel. */
  open: z.uuid().optional().catch(undefined),
});
