import type { components } from '@/api/schema';
import { answer, api, attempt } from '@/lib/api/client';

export type Instance = components['schemas']['Instance'];

export const SIGN_UP_MODES = ['open', 'invite_only', 'closed'] as const;
export const INSTANCE_SHOWN_IN = [['settings', 'instance']];

export const changeInstance = (body: components['schemas']['InstanceChanges']) =>
  answer(api.PATCH('/api/v1/instance', { body, headers: attempt() }));
export const addAdministrator = (email: string) =>
  answer(api.POST('/api/v1/instance/administrators', { body: { email }, headers: attempt() }));
export const removeAdministrator = (id: string) =>
  answer(api.DELETE('/api/v1/instance/administrators/{id}', { params: { path: { id } } }));
export const reopenOrganization = (id: string) =>
  answer(api.POST('/api/v1/instance/organizations/{id}/reopen', { params: { path: { id } } }));
