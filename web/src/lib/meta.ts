import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { answer, api } from './api/client';

type Schemas = components['schemas'];
export type Meta = Schemas['Meta'];
export type Me = Schemas['Me'];
export type RecordType = Schemas['RecordType'];
export type Field = Schemas['Field'];
export type Picklist = Schemas['Picklist'];
export type Reference = Schemas['Reference'];

export const metaQuery = queryOptions({
  queryKey: ['meta'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/meta', { signal })),
  staleTime: 60_000,
});

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/users/me', { signal })),
  staleTime: 60_000,
});

/** What the organization has: record types with their fields, pick-lists, members, modules. */
export const useMeta = (): Meta => useSuspenseQuery(metaQuery).data;

/** Who is logged in, and what they may do. */
export const useMe = (): Me => useSuspenseQuery(meQuery).data;

/** Whether the caller has a permission, such as `roles:update`, with any reach. */
export const useMay = (permission: string): boolean => permission in useMe().permissions;

/** The record type with that place in the API, such as `contacts`. */
export function useRecordType(plural: string): RecordType | undefined {
  return useMeta().record_types.find((type) => type.plural === plural);
}

/** The values of a pick-list that can be chosen. */
export function useChoices(list: string): Picklist['values'] {
  const found = useMeta().picklists.find((picklist) => picklist.name === list);
  return (found?.values ?? []).filter((value) => !value.archived);
}
