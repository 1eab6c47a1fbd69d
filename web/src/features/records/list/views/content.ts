import type { ListContent } from '../list-state';
import { columnsFrom, NAME, type Placed } from '../model/columns';
import { toSend } from '../model/filter';
import type { ViewChanges } from './queries';

/** Columns as views keep them; none for the usual ones. That of the name always stands first anyway. */
export function savedColumns(text: string, usual: readonly Placed[]): NonNullable<ViewChanges['columns']> {
  const placed = text ? columnsFrom(text) : [];
  const names = (columns: readonly Placed[]) => columns.map((each) => each.name).join(',');
  const plain = names(placed) === names(usual) && placed.every((each) => each.width === undefined);
  if (plain) return [];
  return placed.filter((each) => each.name !== NAME || each.width !== undefined).map(({ name, width }) => (width ? { field: name, width } : { field: name }));
}

/** What a view keeps of a list. */
export function contentFields(content: ListContent, columns: NonNullable<ViewChanges['columns']>) {
  const filter = toSend(content.filter);
  return { q: content.q || null, filter: (filter ?? null) as ViewChanges['filter'], sort: content.sort || null, columns } satisfies ViewChanges;
}
