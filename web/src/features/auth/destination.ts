import { z } from 'zod';
import type { Me } from '@/lib/meta';
import { pathWithin } from './path-within';

/** Where to go after logging in, as the address says it. */
export const nextSearch = z.object({
  next: z
    .string()
    .optional()
    .transform((value) => pathWithin(value))
    .catch(undefined),
});

export type Destination = { kind: 'staff'; path: string } | { kind: 'portal' } | { kind: 'barred' };

/** Where somebody belongs who is in. */
export function destination(me: Pick<Me, 'profile' | 'barred'>, next?: string): Destination {
  if (me.barred) return { kind: 'barred' };
  if (me.profile === 'client') return { kind: 'portal' };
  return { kind: 'staff', path: next ?? '/home' };
}
