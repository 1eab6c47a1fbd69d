import type { components } from '@/api/schema';
import { answer, api, attempt } from '@/lib/api/client';
import { fieldChanges, grantChanges } from '@/lib/rights/diff';
import type { FieldAccess, Reach, Role, RoleDraft } from '@/lib/rights/types';

/** What shows something else once a role has changed. */
export const ROLES_SHOWN_IN = [['settings', 'roles'], ['me'], ['meta'], ['records']];

const at = (id: string, version?: number) => ({
  params: { path: { id } },
  headers: { ...attempt(), ...(version === undefined ? {} : { 'If-Match': `"${version}"` }) },
});

export const createRole = (body: components['schemas']['NewRole']) => answer(api.POST('/api/v1/roles', { body, headers: attempt() }));
export const deleteRole = (id: string) => answer(api.DELETE('/api/v1/roles/{id}', at(id)));
export const restoreRole = (id: string) => answer(api.POST('/api/v1/roles/{id}/restore', at(id)));

/** What people edit of a role. */
export function draftOf(role: Role): RoleDraft {
  return { name: role.name, description: role.description ?? '', permissions: role.permissions, fields: role.fields };
}

const renamed = (from: RoleDraft, to: RoleDraft) => from.name !== to.name || from.description !== to.description;

export function isDirty(from: RoleDraft, to: RoleDraft): boolean {
  return renamed(from, to) || grantChanges(from.permissions, to.permissions).length > 0 || fieldChanges(from.fields, to.fields).length > 0;
}

/**
 * Brings a role from one state to another, each part that differs by its own command. The first is
 * refused if somebody changed the roles since `version`; the others build on what the one before answered.
 */
export async function saveRole(id: string, version: number, from: RoleDraft, to: RoleDraft): Promise<Role | null> {
  let saved: Role | null = null;
  const since = () => at(id, saved?.version ?? version);
  if (grantChanges(from.permissions, to.permissions).length > 0) {
    const body = { permissions: to.permissions as Record<string, Reach> };
    saved = await answer(api.PUT('/api/v1/roles/{id}/permissions', { ...since(), body }));
  }
  if (fieldChanges(from.fields, to.fields).length > 0) {
    const body = { fields: to.fields as Record<string, Record<string, FieldAccess>> };
    saved = await answer(api.PUT('/api/v1/roles/{id}/fields', { ...since(), body }));
  }
  if (renamed(from, to)) {
    const body = { name: to.name.trim(), description: to.description.trim() || null };
    saved = await answer(api.PATCH('/api/v1/roles/{id}', { ...since(), body }));
  }
  return saved;
}
