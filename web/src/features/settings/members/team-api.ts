import type { components } from '@/api/schema';
import { answer, api, attempt } from '@/lib/api/client';

export type Team = components['schemas']['Team'];

/** What shows something else once a team has changed: reach depends on it. */
export const TEAMS_SHOWN_IN = [['settings', 'teams'], ['me'], ['records']];

const at = (id: string) => ({ params: { path: { id } }, headers: attempt() });

export const renameTeam = (id: string, name: string) => answer(api.PATCH('/api/v1/teams/{id}', { ...at(id), body: { name } }));
export const deleteTeam = (id: string) => answer(api.DELETE('/api/v1/teams/{id}', at(id)));
export const restoreTeam = (id: string) => answer(api.POST('/api/v1/teams/{id}/restore', at(id)));
export const setTeamMembers = (id: string, members: string[]) =>
  answer(api.PUT('/api/v1/teams/{id}/members', { ...at(id), body: { members } }));
