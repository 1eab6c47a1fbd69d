/** Which records are selected: some by their ids, or all that the list is about. */
export interface Selection {
  ids: ReadonlySet<string>;
  /** Everything that matches, of which only a part may be loaded. */
  all: boolean;
  /** Where a range begins. */
  anchor: string | null;
  /** All rows that were loaded were chosen in one go; since then more may have come. */
  page?: true;
}

export const NONE: Selection = { ids: new Set(), all: false, anchor: null };

export const isSelected = (selection: Selection, id: string): boolean => selection.all || selection.ids.has(id);
export const isAny = (selection: Selection): boolean => selection.all || selection.ids.size > 0;

/** One more or one less. Of all that match, those that are loaded stay selected without it. */
export function toggled(selection: Selection, id: string, loaded: readonly string[]): Selection {
  const ids = new Set(selection.all ? loaded : selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, all: false, anchor: id };
}

/** Everything between the last one chosen and this one, besides what is selected already. */
export function extended(selection: Selection, id: string, loaded: readonly string[]): Selection {
  const to = loaded.indexOf(id);
  const from = selection.anchor === null ? to : loaded.indexOf(selection.anchor);
  if (to < 0) return selection;
  const start = from < 0 ? to : from;
  const between = loaded.slice(Math.min(start, to), Math.max(start, to) + 1);
  return { ids: new Set([...(selection.all ? loaded : selection.ids), ...between]), all: false, anchor: selection.anchor ?? id };
}

/** All that are loaded; or none, if all are. */
export function loadedToggled(selection: Selection, loaded: readonly string[]): Selection {
  const every = loaded.length > 0 && loaded.every((id) => isSelected(selection, id));
  return every ? NONE : { ids: new Set(loaded), all: false, anchor: null, page: true };
}

/** Everything that matches, loaded or not. */
export const everything = (): Selection => ({ ids: new Set(), all: true, anchor: null });
