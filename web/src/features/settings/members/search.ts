import { z } from 'zod';

export const MEMBER_STATES = ['active', 'deactivated', 'removed'] as const;
export const PROFILES = ['staff', 'client', 'vendor'] as const;
export const INVITATION_STATES = ['pending', 'accepted', 'withdrawn', 'expired'] as const;

/** What the address of the members carries. */
export const membersSearch = z.object({
  state: z.enum(MEMBER_STATES).optional().catch(undefined),
  profile: z.enum(PROFILES).optional().catch(undefined),
});
export type MembersSearch = z.infer<typeof membersSearch>;

/** What the address of the invitations carries. */
export const invitationsSearch = z.object({ status: z.enum(INVITATION_STATES).optional().catch(undefined) });
export type InvitationsSearch = z.infer<typeof invitationsSearch>;
