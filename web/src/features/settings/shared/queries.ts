import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '@/lib/api/client';

/** What the settings show. All stand below one key, since one change often shows in several places. */
export const organizationQuery = queryOptions({
  queryKey: ['settings', 'organization'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/organization', { signal })),
});

/** The staff who may enter, as far as one page goes: enough to say whom a change concerns. */
export const staffQuery = queryOptions({
  queryKey: ['settings', 'members', 'staff'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/members', { signal, params: { query: { state: 'active', profile: 'staff', limit: 200 } } })),
});

export const memberQuery = (id: string) =>
  queryOptions({
    queryKey: ['settings', 'members', id],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/members/{id}', { signal, params: { path: { id } } })),
    staleTime: 30_000,
  });

export const rolesQuery = queryOptions({
  queryKey: ['settings', 'roles'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/roles', { signal })),
});

export const teamsQuery = queryOptions({
  queryKey: ['settings', 'teams'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/teams', { signal })),
});

export const picklistsQuery = queryOptions({
  queryKey: ['settings', 'picklists'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/picklists', { signal })),
});

export const apiKeysQuery = queryOptions({
  queryKey: ['settings', 'api_keys'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/api_keys', { signal })),
});

export const sessionsQuery = queryOptions({
  queryKey: ['settings', 'sessions'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/sessions', { signal })),
});

export const secondFactorQuery = queryOptions({
  queryKey: ['settings', 'totp'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/auth/totp', { signal })),
});

export const instanceQuery = queryOptions({
  queryKey: ['settings', 'instance'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/instance', { signal })),
});
