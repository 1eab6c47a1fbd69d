import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { RecordType } from '@/lib/meta';
import { asGroup, type Group, NOTHING } from './model/filter';
import { columnsText } from './model/columns';
import { DEFAULT_SORT } from './model/sort';
import { ALL, type ListSearch } from './search';
import { type View, viewsQuery } from './views/queries';

/** What decides the rows and columns of a list. Columns are empty for the usual ones. */
export interface ListContent {
  q: string;
  filter: Group;
  sort: string;
  columns: string;
}

const PLAIN: ListContent = { q: '', filter: NOTHING, sort: DEFAULT_SORT, columns: '' };

/** What a view shows. */
export function contentOf(view: View | undefined): ListContent {
  if (!view) return PLAIN;
  return {
    q: view.q ?? '',
    filter: view.filter ? asGroup(view.filter) : NOTHING,
    sort: view.sort || DEFAULT_SORT,
    columns: columnsText(view.columns.map(({ field, width }) => ({ name: field, width: width ?? undefined }))),
  };
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** What stands in the address: only what differs from the view, or from a plain list. */
export function differing(content: ListContent, base: ListContent): Partial<ListContent> {
  const entries = Object.entries(content).filter(([name, value]) => !same(value, base[name as keyof ListContent]));
  return Object.fromEntries(entries);
}

/** What a list shows, from the address and the view in it. */
export function contentFrom(search: ListSearch, base: ListContent): ListContent {
  return {
    q: search.q ?? base.q,
    filter: search.filter ?? base.filter,
    sort: search.sort ?? base.sort,
    columns: search.columns ?? base.columns,
  };
}

/**
 * The view that an address stands for: the one that it names, or the one that the member chose to
 * begin with, if it says nothing about what is to be seen.
 */
export function viewIn(search: ListSearch, usual: string | null): string | undefined {
  if (search.view !== undefined) return search.view === ALL ? undefined : search.view;
  const plain = search.q === undefined && search.filter === undefined && search.sort === undefined && search.columns === undefined;
  return plain ? (usual ?? undefined) : undefined;
}

export interface ListState {
  content: ListContent;
  /** The view that is shown, if any. */
  view: View | undefined;
  /** There is no such view, or not any more. */
  viewMissing: boolean;
  /** Whether something is otherwise than in the view. */
  dirty: boolean;
  /** Whether the view in the address is known yet. */
  ready: boolean;
  change: (changes: Partial<ListContent>, options?: { replace?: boolean }) => void;
  /** Shows a view as it is saved; or all records, without one. */
  show: (view: string | undefined) => void;
  open: (id: string | undefined, options?: { replace?: boolean }) => void;
  opened: string | undefined;
}

const CLEAN = { q: undefined, filter: undefined, sort: undefined, columns: undefined };

/** The state of a list; it stands in the address, so that Back and Forward restore it. */
export function useListState({ plural, default_view: usual }: RecordType): ListState {
  const search = useSearch({ strict: false }) as ListSearch;
  const navigate = useNavigate();
  const wanted = viewIn(search, usual ?? null);
  const views = useQuery({ ...viewsQuery(plural), enabled: wanted !== undefined });
  const view = views.data?.find((each) => each.id === wanted);
  const base = contentOf(view);
  const content = contentFrom(search, base);

  const go = (changes: Partial<ListSearch>, replace = false) =>
    void navigate({ to: '.', search: (before: Record<string, unknown>) => ({ ...before, ...changes }), replace, resetScroll: false });

  return {
    content,
    view,
    // One that was to be seen from the start and is gone is not missed.
    viewMissing: search.view !== undefined && wanted !== undefined && !views.isPending && !view,
    dirty: Object.keys(differing(content, base)).length > 0,
    ready: wanted === undefined || !views.isPending,
    change: (changes, options) => go({ ...CLEAN, view: view?.id ?? search.view, ...differing({ ...content, ...changes }, base) }, options?.replace),
    show: (id) => go({ ...CLEAN, view: id ?? (usual ? ALL : undefined) }),
    open: (id, options) => go({ open: id }, options?.replace),
    opened: search.open,
  };
}
