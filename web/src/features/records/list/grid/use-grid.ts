import { type FocusEvent, type KeyboardEvent, type MouseEvent, useCallback, useLayoutEffect, useRef, useState } from 'react';
import type { AnyRecord } from '@/lib/records/types';
import { type Intent, intentOf, nearest, nextEditable, type Extent, type Spot } from '../model/keyboard';
import { extended, loadedToggled, NONE, type Selection, toggled } from '../model/selection';

interface GridInput {
  rows: readonly AnyRecord[];
  /** Columns, with that of the boxes. */
  columns: number;
  /** In CSS pixels. */
  rowHeight: number;
  editable: (column: number) => boolean;
  selection: Selection;
  onSelection: (selection: Selection) => void;
  onOpen: (id: string) => void;
  onOpenPage: (id: string) => void;
  /** A record is open beside the list: the next row is the next record. */
  opened: string | undefined;
}

/** The cell that is edited: a record, and a column. */
export interface Editing {
  id: string;
  column: number;
}

/** Where an event happened in the grid. */
function spotOf(target: EventTarget): Spot | null {
  const cell = target instanceof Element ? target.closest<HTMLElement>('[data-row][data-column]') : null;
  return cell ? { row: Number(cell.dataset['row']), column: Number(cell.dataset['column']) } : null;
}

const inEditor = (target: EventTarget) => target instanceof Element && target.closest('[data-editor]') !== null;

/** The keyboard of the grid: which cell has the focus, which is edited, what is selected. */
export function useGrid(input: GridInput) {
  const { rows, columns, rowHeight, editable, selection, onSelection, onOpen, onOpenPage, opened } = input;
  const root = useRef<HTMLDivElement>(null);
  const wantsFocus = useRef(false);
  const [moved, setMoved] = useState<Spot & { id?: string | undefined }>({ row: 0, column: 1 });
  const [editing, setEditing] = useState<Editing | null>(null);
  const extent: Extent = { rows: rows.length, columns, page: 1 };
  // The spot is on a record: where rows come or go above it, it goes along.
  const held = moved.id === undefined || rows[moved.row]?.id === moved.id ? -1 : rows.findIndex((row) => row.id === moved.id);
  const at = nearest(held < 0 ? moved : { row: held, column: moved.column }, extent);

  // Focus follows the spot once its cell is there.
  useLayoutEffect(() => {
    if (!wantsFocus.current) return;
    const cell = root.current?.querySelector<HTMLElement>(`[data-row="${at.row}"][data-column="${at.column}"]`);
    if (!cell) return;
    wantsFocus.current = false;
    if (!cell.querySelector('[data-editor]')) cell.focus({ preventScroll: true });
    cell.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  });

  const moveTo = (spot: Spot) => {
    wantsFocus.current = true;
    setMoved({ ...spot, id: rows[spot.row]?.id });
  };

  const edit = useCallback((spot: Spot, id: string) => {
    wantsFocus.current = true;
    setMoved({ ...spot, id });
    setEditing({ id, column: spot.column });
  }, []);

  /** The edit of a cell is over; the focus goes back to the cell if it was in it. */
  const endEdit = useCallback((id: string, column: number) => {
    const focused = document.activeElement;
    if (!focused || focused === document.body || inEditor(focused)) wantsFocus.current = true;
    setEditing((now) => (now?.id === id && now.column === column ? null : now));
  }, []);

  const ids = () => rows.map((row) => row.id);

  const carryOut = (intent: Intent) => {
    const record = rows[at.row];
    switch (intent.do) {
      case 'move': {
        const there = rows[intent.to.row];
        moveTo(intent.to);
        if (intent.extend && there) {
          const from = selection.anchor === null && record ? { ...selection, anchor: record.id } : selection;
          onSelection(extended(from, there.id, ids()));
        }
        if (opened && there && there.id !== opened && !intent.extend && intent.to.row !== at.row) onOpen(there.id);
        return;
      }
      case 'selectAll':
        return onSelection(loadedToggled(NONE, ids()));
      case 'leave':
        return onSelection(NONE);
      default:
        if (record) actOn(intent, record);
    }
  };

  const actOn = (intent: Exclude<Intent, { do: 'move' | 'selectAll' | 'leave' }>, record: AnyRecord) => {
    switch (intent.do) {
      case 'edit':
        return editable(at.column) ? edit(at, record.id) : undefined;
      case 'open':
        return onOpen(record.id);
      case 'page':
        return onOpenPage(record.id);
      case 'select':
        return onSelection(toggled(selection, record.id, ids()));
      case 'extend':
        return onSelection(extended(selection, record.id, ids()));
    }
  };

  /** Tab, while a value is edited, goes on to the next value that can be. */
  const tab = (event: KeyboardEvent) => {
    const next = nextEditable(at, extent, editable, event.shiftKey);
    const record = next && rows[next.row];
    if (!next || !record) return;
    event.preventDefault();
    // The editor commits when it loses the focus; so it must lose it before it goes.
    root.current?.focus({ preventScroll: true });
    edit(next, record.id);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || !root.current?.contains(event.target as Element)) return;
    if (inEditor(event.target)) {
      if (event.key === 'Tab') tab(event);
      return;
    }
    const press = { key: event.key, shift: event.shiftKey, mod: event.metaKey || event.ctrlKey, alt: event.altKey };
    // Links and boxes inside a cell act by their own keys when they have the focus.
    const own = event.target instanceof HTMLAnchorElement && event.key === 'Enter';
    const page = Math.max(1, Math.floor(root.current.clientHeight / rowHeight) - 2);
    const intent = own ? null : intentOf(press, at, { ...extent, page });
    if (!intent || (intent.do === 'leave' && !selection.all && selection.ids.size === 0)) return;
    event.preventDefault();
    carryOut(intent);
  };

  const onFocus = (event: FocusEvent) => {
    const spot = spotOf(event.target);
    if (spot && (spot.row !== at.row || spot.column !== at.column || moved.id === undefined)) setMoved({ ...spot, id: rows[spot.row]?.id });
  };

  const onDoubleClick = (event: MouseEvent) => {
    const spot = spotOf(event.target);
    const record = spot && rows[spot.row];
    if (spot && record && editable(spot.column) && !inEditor(event.target)) edit(spot, record.id);
  };

  return { root, at, editing, edit, endEdit, moveTo, handlers: { onKeyDown, onFocus, onDoubleClick } };
}
