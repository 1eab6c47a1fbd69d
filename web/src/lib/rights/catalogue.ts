import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '@/lib/api/client';
import type { Catalogue } from './types';

/** Every permission that roles can grant, with its labels. */
export const catalogueQuery = queryOptions({
  queryKey: ['roles', 'permissions'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/roles/permissions', { signal })),
  staleTime: 300_000,
});

/** What people call a permission: the thing and what is done with it. */
export function permissionLabel(catalogue: Catalogue | undefined, name: string): { resource: string; action: string } {
  for (const resource of catalogue?.resources ?? []) {
    const found = resource.permissions.find((permission) => permission.name === name);
    if (found) return { resource: resource.label, action: found.label };
  }
  // One of a later version, or the catalogue is not ours to read.
  const [resource = name, action = ''] = name.split(':');
  return { resource: words(resource), action: words(action) };
}

const words = (name: string) => {
  const text = name.replace(/_/g, ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
};
