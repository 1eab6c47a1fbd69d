import * as z from 'zod/mini';
import { choice } from '@/lib/search-params';

export const MEMBER_STATES = ['active', 'deactivated', 'removed'] as const;
export const PROFILES = ['staff', 'client', 'vendor'] as const;
export const INVITATION_STATES = ['pending', 'accepted', 'withdrawn', 'expired'] as const;

/** What the address of the members carries. */
export const membersSearch = z.object({
  state: choice(MEMBER_STATES),
  profile: choice(PROFILES),
});
export type MembersSearch = z.infer<typeof membersSearch>;

/** What the address of the invitations carries. */
export const invitationsSearch = z.object({ status: choice(INVITATION_STATES) });
export type InvitationsSearch = z.infer<typeof invitationsSearch>;
