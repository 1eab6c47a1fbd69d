import { textOf } from '@/lib/i18n';
import type { Field, RecordType } from '@/lib/meta';
import type { Shown } from '../../fields/plain';

/** A column that a list can have. */
export interface Column extends Shown {
  label: string;
  sortable: boolean;
  /** The field of the catalogue; absent for what every record has. */
  field?: Field | undefined;
}

/** A column that is shown, and how wide, in CSS pixels. */
export interface Placed {
  name: string;
  width?: number | undefined;
}

/** The column of names, which always stands first. */
export const NAME = 'name';
export const LEAST = 64;
export const MOST = 800;

const SYSTEM_KINDS: Record<string, string> = {
  created_at: 'time',
  updated_at: 'time',
  created_by: 'member',
  updated_by: 'member',
};

/** Fields that say most of a record, if its type has them. */
const USUAL = ['email', 'phone', 'company', 'industry', 'status', 'tags', 'assigned_to', 'city', 'country', 'updated_at'];

/** The columns that a type can show, beside that of the name. */
export function columnsOf(type: RecordType): Column[] {
  const own = type.fields
    .filter((field) => field.kind !== 'custom' && field.name !== NAME)
    .map((field): Column => ({ name: field.name, label: field.label, kind: field.kind, link: field.link ?? null, sortable: field.sortable, field }));
  const system = type.system_fields.flatMap((field): Column[] => {
    const kind = SYSTEM_KINDS[field.name];
    return kind ? [{ name: field.name, label: systemLabel(field.name), kind, sortable: field.sortable }] : [];
  });
  return [...own, ...system];
}

export const systemLabel = (name: string): string => textOf('fields', name) ?? name;

/** The column of names; it can be edited where the name is a field of its own. */
export function nameColumn(type: RecordType): Column {
  const field = type.fields.find((each) => each.name === NAME);
  const sortable = type.system_fields.some((each) => each.name === NAME && each.sortable);
  return { name: NAME, label: field?.label ?? systemLabel(NAME), kind: 'text', sortable: sortable || (field?.sortable ?? false), field };
}

/** The columns that are shown unless somebody chose others. */
export function usualColumns(type: RecordType): Placed[] {
  const known = new Set(columnsOf(type).map((column) => column.name));
  const usual = USUAL.filter((name) => known.has(name));
  return (usual.length >= 3 ? usual : [...known].slice(0, 6)).map((name) => ({ name }));
}

/** Columns as the address carries them: `email:220,phone`. */
export const columnsText = (placed: readonly Placed[]): string =>
  placed.map(({ name, width }) => (width ? `${name}:${width}` : name)).join(',');

export function columnsFrom(text: string): Placed[] {
  return text
    .split(',')
    .filter(Boolean)
    .map((part) => {
      const [name = '', width] = part.split(':');
      const wide = Number(width);
      return Number.isInteger(wide) && wide > 0 ? { name, width: within(wide) } : { name };
    });
}

export const within = (width: number): number => Math.round(Math.min(MOST, Math.max(LEAST, width)));

const WIDTHS: Record<string, number> = {
  boolean: 96,
  choice: 136,
  choices: 200,
  date: 120,
  email: 240,
  integer: 104,
  language: 112,
  link: 176,
  member: 152,
  money: 136,
  phone: 144,
  time: 136,
  url: 184,
};

/** How wide a column is unless somebody chose otherwise. */
export const usualWidth = (kind: string): number => WIDTHS[kind] ?? 160;

/** Numbers stand on the right, where their digits are below each other. */
export const isNumeric = (kind: string): boolean => kind === 'integer' || kind === 'money';

/** A shown column with everything about it. */
export interface ShownColumn extends Column {
  width: number;
}

export const NAME_WIDTH = 232;

/** The columns to show, the name's first; what the catalogue does not have (any more) is left out. */
export function shownColumns(type: RecordType, placed: readonly Placed[]): ShownColumn[] {
  const known = new Map(columnsOf(type).map((column) => [column.name, column]));
  const name = { ...nameColumn(type), width: placed.find((each) => each.name === NAME)?.width ?? NAME_WIDTH };
  const seen = new Set<string>();
  const others = placed.flatMap((each): ShownColumn[] => {
    const column = known.get(each.name);
    if (!column || seen.has(each.name)) return [];
    seen.add(each.name);
    return [{ ...column, width: each.width ?? usualWidth(column.kind) }];
  });
  return [name, ...others];
}

/** The columns with another width for one of them. */
export function widened(placed: readonly Placed[], name: string, width: number): Placed[] {
  if (!placed.some((each) => each.name === name)) return [{ name, width: within(width) }, ...placed];
  return placed.map((each) => (each.name === name ? { ...each, width: within(width) } : each));
}

/** The columns with one of them moved by so many places; that of the name stays first. */
export function moved(placed: readonly Placed[], name: string, by: number): Placed[] {
  const first = placed.filter((each) => each.name === NAME);
  const others = placed.filter((each) => each.name !== NAME);
  const from = others.findIndex((each) => each.name === name);
  const to = Math.max(0, Math.min(others.length - 1, from + by));
  if (from < 0 || from === to) return [...first, ...others];
  const rest = others.filter((_, at) => at !== from);
  return [...first, ...rest.slice(0, to), ...others.slice(from, from + 1), ...rest.slice(to)];
}

/** The columns with one of them put beside another; nothing stands before that of the name. */
export function movedBeside(placed: readonly Placed[], name: string, beside: string, after: boolean): Placed[] {
  const column = placed.find((each) => each.name === name);
  if (!column || name === NAME || name === beside) return [...placed];
  const rest = placed.filter((each) => each.name !== name);
  const there = rest.findIndex((each) => each.name === beside);
  // That of the name may have no width of its own, and then no place in the list either.
  const first = rest[0]?.name === NAME ? 1 : 0;
  const to = Math.max(first, beside === NAME ? first : there < 0 ? rest.length : there + (after ? 1 : 0));
  return [...rest.slice(0, to), column, ...rest.slice(to)];
}

/** What to ask the server for: the fields shown. What every record has comes anyway. */
export function fieldsToAsk(columns: readonly ShownColumn[]): string {
  return columns.flatMap((column) => (column.field ? [column.name] : [])).join(',');
}
