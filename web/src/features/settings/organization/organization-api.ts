import type { components } from '@/api/schema';
import { answer, api, attempt } from '@/lib/api/client';

export type OrganizationSettings = components['schemas']['OrganizationSettings'];
export type OrganizationChanges = components['schemas']['OrganizationChanges'];

/** What shows something else once the organization's settings have changed. */
export const SHOWN_IN = [['settings', 'organization'], ['meta'], ['me']];

export const changeOrganization = (body: OrganizationChanges) =>
  answer(api.PATCH('/api/v1/organization', { body, headers: attempt() }));

/** The present values of what some changes would change: sending them takes those back. */
export function presentValues(settings: OrganizationSettings, changes: OrganizationChanges): OrganizationChanges {
  const present: Record<string, unknown> = {};
  for (const name of Object.keys(changes)) present[name] = settings[name as keyof OrganizationSettings];
  return present as OrganizationChanges;
}
