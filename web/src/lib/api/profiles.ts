import { queryOptions } from '@tanstack/react-query';
import { answer, api } from './client';
import { position } from './position';
import { session } from './session';

/** One's organizations, and as what one belongs to each. */
export const profilesQuery = queryOptions({
  queryKey: ['profiles'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/organizations', { signal })),
});

/** Goes over to another profile. Whatever is loaded belongs to the one before: load the page anew. */
export async function switchProfile(member: string): Promise<void> {
  const granted = await answer(api.POST('/api/v1/auth/switch', { body: { member } }));
  session.opened(granted.access_token);
  position.reset();
}

/** Ends this session. */
export async function logOut(): Promise<void> {
  await answer(api.POST('/api/v1/auth/logout'));
  session.closed();
}
