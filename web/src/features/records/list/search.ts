import * as z from 'zod/mini';
import { id, part, text } from '@/lib/search-params';
import { filterShape } from './model/filter';

/** Every record, though the member sees the list through a view from the start. */
export const ALL = 'all';

/**
 * What the address of a list carries: everything that decides what it shows. With a view, only what
 * differs from it: an empty text or filter says that there is none though the view has one.
 */
export const listSearch = z.object({
  /** `all` is none, where another would be shown from the start. */
  view: part(z.union([z.uuid(), z.literal(ALL)])),
  q: text(200),
  filter: part(filterShape),
  sort: text(100),
  /** `email:220,phone`: in order, with widths where somebody chose them. */
  columns: text(2000),
  /** The record in the side panel. */
  open: id,
});

export type ListSearch = z.infer<typeof listSearch>;
