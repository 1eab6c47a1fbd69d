import * as z from 'zod/mini';
import { day, id, moment, ordinal, text } from '@/lib/search-params';

const name = text(100);

/** What the address of the audit carries: whose acts, on what, of which kind, when. */
export const auditSearch = z.object({
  actor: id,
  /** Kind of thing, such as `contact`. */
  thing: name,
  record: id,
  /** Name of the event. */
  event: name,
  /** One gesture, with everything that it caused. */
  action: id,
  /** First and last day, where the reader is. */
  from: day,
  to: day,
  /** The entry whose details are open, by its position. */
  open: ordinal,
});

export type AuditSearch = z.infer<typeof auditSearch>;

/** What the address of past rights carries: whose, and when. */
export const rightsSearch = z.object({
  member: id,
  at: moment,
});
