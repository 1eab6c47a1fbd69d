import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { answer, api, attempt } from '@/lib/api/client';
import { metaQuery } from '@/lib/meta';

type Schemas = components['schemas'];
export type View = Schemas['View'];
export type NewView = Schemas['NewView'];
export type ViewChanges = Schemas['ViewChanges'];

const key = (plural: string) => ['views', plural] as const;

/** The views that one may see of a type: one's own and shared ones. */
export function viewsQuery(plural: string) {
  return queryOptions({
    queryKey: key(plural),
    queryFn: async ({ signal }) => (await answer(api.GET('/api/v1/views', { params: { query: { record_type: plural } }, signal }))).items,
    staleTime: 60_000,
  });
}

export type ViewCommand =
  | { do: 'create'; view: NewView }
  | { do: 'change'; id: string; version: number; changes: ViewChanges }
  | { do: 'remove'; id: string; version: number }
  | { do: 'restore'; id: string }
  | { do: 'begin'; id: string }
  | { do: 'begin no more'; id: string };

function carryOut(command: ViewCommand): Promise<View> {
  switch (command.do) {
    case 'create':
      return answer(api.POST('/api/v1/views', { body: command.view, headers: attempt() }));
    case 'change':
      return answer(
        api.PATCH('/api/v1/views/{id}', {
          params: { path: { id: command.id } },
          body: command.changes,
          headers: { ...attempt(), 'If-Match': `"${command.version}"` },
        }),
      );
    case 'remove':
      return answer(
        api.DELETE('/api/v1/views/{id}', {
          params: { path: { id: command.id } },
          headers: { ...attempt(), 'If-Match': `"${command.version}"` },
        }),
      );
    case 'restore':
      return answer(api.POST('/api/v1/views/{id}/restore', { params: { path: { id: command.id } }, headers: attempt() }));
    case 'begin':
      return answer(api.PUT('/api/v1/views/{id}/default', { params: { path: { id: command.id } }, headers: attempt() }));
    case 'begin no more':
      return answer(api.DELETE('/api/v1/views/{id}/default', { params: { path: { id: command.id } }, headers: attempt() }));
  }
}

/** Carries out commands on views, and shows what they answer before the list of views knows it. */
export function useViewCommand(plural: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: carryOut,
    onSuccess: (view, command) => {
      const chosen = command.do === 'begin' || command.do === 'begin no more';
      if (chosen) void client.invalidateQueries({ queryKey: metaQuery.queryKey });
      client.setQueryData(key(plural), (before: View[] | undefined) => {
        const others = (before ?? []).filter((each) => each.id !== view.id).map((each) => (chosen ? { ...each, default: false } : each));
        return view.deleted ? others : [...others, view].sort((one, other) => one.name.localeCompare(other.name));
      });
    },
    onError: () => void client.invalidateQueries({ queryKey: key(plural) }),
  });
}
