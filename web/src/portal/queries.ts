import { queryOptions } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { receipt, api } from '@/lib/api/client';
import { session } from '@/lib/api/session';

type Schemas = components['schemas'];
export type PortalMe = Schemas['PortalMe'];
export type Details = Schemas['OwnDetails'];
export type Changes = Schemas['OwnDetailsChanges'];

/** Whether there is a session to go on with. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: () => session.resume(),
  staleTime: Infinity,
});

/** Oneself as a client: the organization, whom to turn to, one's details. */
export const portalQuery = queryOptions({
  queryKey: ['portal'],
  queryFn: async ({ signal }) => (await receipt(api.GET('/api/v1/portal/me', { signal }))).body,
  staleTime: 30_000,
});
