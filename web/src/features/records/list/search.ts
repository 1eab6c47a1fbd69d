import { z } from 'zod';
import { filterShape } from './model/filter';

/**
 * What the address of a list carries: everything that decides what it shows. With a view, only what
 * differs from it: an empty text or filter says that there is none though the view has one.
 */
export const listSearch = z.object({
  view: z.uuid().optional().catch(undefined),
  q: z.string().max(200).optional().catch(undefined),
  filter: filterShape.optional().catch(undefined),
  sort: z.string().max(100).optional().catch(undefined),
  /** `email:220,phone`: in order, with widths where somebody chose them. */
  columns: z.string().max(2000).optional().catch(undefined),
  /** The record in the side panel. */
  open: z.uuid().optional().catch(undefined),
});

export type ListSearch = z.infer<typeof listSearch>;
