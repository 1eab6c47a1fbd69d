import type { components } from '@/api/schema';
import { answer, api, attempt } from '@/lib/api/client';
import { texts } from '@/lib/i18n';
import type { Tone } from '@/ui/feedback';

const t = texts('settings');

export type MemberDetail = components['schemas']['MemberDetail'];

/** What shows something else once a member has changed. */
export const SHOWN_IN = [['settings', 'members'], ['meta'], ['me']];

const at = (id: string) => ({ params: { path: { id } }, headers: attempt() });

export const renameMember = (id: string, name: string) =>
  answer(api.PATCH('/api/v1/members/{id}', { ...at(id), body: { display_name: name } }));
export const deactivateMember = (id: string) => answer(api.POST('/api/v1/members/{id}/deactivate', at(id)));
export const reactivateMember = (id: string) => answer(api.POST('/api/v1/members/{id}/reactivate', at(id)));
export const removeMember = (id: string) => answer(api.DELETE('/api/v1/members/{id}', at(id)));
export const createMember = (body: components['schemas']['NewMember']) =>
  answer(api.POST('/api/v1/members', { body, headers: attempt() }));
/** Sends a link for a new password; who has no address is given it by whoever asked, so it is answered. */
export const resetMemberPassword = (id: string) =>
  answer(api.POST('/api/v1/members/{id}/password/reset', { params: { path: { id } } }));
export const setMemberRoles = (id: string, roles: string[]) =>
  answer(api.PUT('/api/v1/members/{id}/roles', { ...at(id), body: { roles } }));

/** How a member stands, in a word and its tone. */
export function stateOf(state: string): { word: string; tone: Tone } {
  switch (state) {
    case 'active':
      return { word: t('stateActive'), tone: 'ok' };
    case 'deactivated':
      return { word: t('stateDeactivated'), tone: 'warn' };
    case 'removed':
      return { word: t('stateRemoved'), tone: 'neutral' };
    default:
      return { word: state, tone: 'neutral' };
  }
}

/** Which kind of access it is, in a word. */
export function profileOf(profile: string): string {
  switch (profile) {
    case 'staff':
      return t('profileStaff');
    case 'client':
      return t('profileClient');
    case 'vendor':
      return t('profileVendor');
    default:
      return profile;
  }
}
