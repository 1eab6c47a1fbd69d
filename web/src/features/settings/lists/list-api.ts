import type { components, paths } from '@/api/schema';
import { answer, api, attempt } from '@/lib/api/client';

export type Picklist = components['schemas']['Picklist'];
export type PicklistValue = components['schemas']['PicklistValue'];
type ListName = paths['/api/v1/picklists/{list}/values']['post']['parameters']['path']['list'];

/** What shows something else once a value has changed: records show its label. */
export const LISTS_SHOWN_IN = [['settings', 'picklists'], ['meta'], ['records']];

// The names come from the server, which knows more of them in later versions.
const named = (list: string) => list as ListName;
const at = (list: string, id: string) => ({ params: { path: { list: named(list), id } }, headers: attempt() });

export const addValue = (list: string, label: string) =>
  answer(api.POST('/api/v1/picklists/{list}/values', { params: { path: { list: named(list) } }, body: { label }, headers: attempt() }));
export const renameValue = (list: string, id: string, label: string) =>
  answer(api.PATCH('/api/v1/picklists/{list}/values/{id}', { ...at(list, id), body: { label } }));
export const archiveValue = (list: string, id: string) => answer(api.POST('/api/v1/picklists/{list}/values/{id}/archive', at(list, id)));
export const unarchiveValue = (list: string, id: string) =>
  answer(api.POST('/api/v1/picklists/{list}/values/{id}/unarchive', at(list, id)));
