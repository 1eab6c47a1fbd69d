import * as z from 'zod/mini';
import { part } from '@/lib/search-params';
import type { Me } from '@/lib/meta';
import { pathWithin } from './path-within';

/** Where to go after logging in, as the address says it. */
export const nextSearch = z.object({
  next: part(z.pipe(z.string(), z.transform((value: string) => pathWithin(value)))),
});

export type Destination = { kind: 'staff'; path: string } | { kind: 'portal' } | { kind: 'barred' };

/** Where somebody belongs who is in. */
export function destination(me: Pick<Me, 'profile' | 'barred'>, next?: string): Destination {
  if (me.barred) return { kind: 'barred' };
  if (me.profile === 'client') return { kind: 'portal' };
  return { kind: 'staff', path: next ?? '/home' };
}
