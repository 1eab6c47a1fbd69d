import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { type PointerEvent, useEffect, useRef, useState } from 'react';
import { texts } from '@/lib/i18n';
import { isNumeric, type ShownColumn, within } from '../model/columns';
import { sortKeys, sortOf } from '../model/sort';
import type { dragColumn } from './column-drag';
import classes from './grid.module.css';

const t = texts('list');

interface HeaderProps {
  columns: readonly ShownColumn[];
  sort: string;
  onSort: (field: string, keepOthers: boolean) => void;
  onWidth: (name: string, width: number) => void;
  /** Shows a width while it is being dragged. */
  onPreview: (place: number, width: number) => void;
  /** Puts a column beside another one. */
  onMove: (name: string, beside: string, after: boolean) => void;
  active: number | null;
  allSelected: boolean;
  someSelected: boolean;
  onSelectAll: () => void;
}

/** The header row: sorts, resizes, moves, selects. */
export function Header({ columns, sort, onSort, onWidth, onPreview, onMove, active, allSelected, someSelected, onSelectAll }: HeaderProps) {
  const [drag, setDrag] = useState<Drag | null>(null);
  // Not needed before somebody comes near with a pointer.
  const load = () => void import('./column-drag').then(({ dragColumn }) => setDrag(() => dragColumn));
  return (
    <div role="row" aria-rowindex={1} className={classes.header} onPointerEnter={drag ? undefined : load}>
      <div role="columnheader" aria-colindex={1} className={`${classes.cell} ${classes.box}`}>
        <label className={classes.boxLabel}>
          <input
            type="checkbox"
            data-row={-1}
            data-column={0}
            tabIndex={active === 0 ? 0 : -1}
            checked={allSelected}
            ref={(box) => {
              if (box) box.indeterminate = someSelected && !allSelected;
            }}
            aria-label={t('selectAllLoaded')}
            onChange={onSelectAll}
          />
        </label>
      </div>
      {columns.map((column, at) => (
        <HeaderCell
          key={column.name}
          column={column}
          place={at + 1}
          sort={sort}
          active={active === at + 1}
          onSort={onSort}
          onWidth={onWidth}
          onPreview={onPreview}
          onMove={onMove}
          drag={drag}
        />
      ))}
    </div>
  );
}

type Drag = typeof dragColumn;
type HeaderCellProps = Pick<HeaderProps, 'sort' | 'onSort' | 'onWidth' | 'onPreview' | 'onMove'> & { column: ShownColumn; place: number; active: boolean; drag: Drag | null };

function HeaderCell({ column, place, sort, active, onSort, onWidth, onPreview, onMove, drag }: HeaderCellProps) {
  const cell = useRef<HTMLDivElement>(null);
  const move = useRef(onMove);
  const [edge, setEdge] = useState<'before' | 'after' | null>(null);
  useEffect(() => {
    move.current = onMove;
  });
  useEffect(
    () => (drag && cell.current ? drag(cell.current, column.name, { onEdge: setEdge, onDrop: (name, after) => move.current(name, column.name, after) }) : undefined),
    [drag, column.name],
  );
  const sorted = sortOf(sort, column.name);
  const spot = { 'data-row': -1, 'data-column': place, tabIndex: active ? 0 : -1 };
  return (
    <div
      ref={cell}
      role="columnheader"
      data-edge={edge ?? undefined}
      aria-colindex={place + 1}
      aria-sort={column.sortable ? (sorted ?? 'none') : undefined}
      className={`${classes.cell} ${place === 1 ? classes.name : ''} ${isNumeric(column.kind) ? classes.number : ''}`}
    >
      {column.sortable ? (
        <button type="button" {...spot} className={classes.sort} title={t('sortHint')} onClick={(event) => onSort(column.name, event.shiftKey)}>
          <span className={classes.text}>{column.label}</span>
          {sorted && <SortMark sort={sort} field={column.name} />}
        </button>
      ) : (
        <span {...spot} className={classes.text}>
          {column.label}
        </span>
      )}
      <Handle column={column} place={place} onWidth={onWidth} onPreview={onPreview} />
    </div>
  );
}

function SortMark({ sort, field }: { sort: string; field: string }) {
  const keys = sortKeys(sort);
  const Picture = sortOf(sort, field) === 'descending' ? IconArrowDown : IconArrowUp;
  return (
    <>
      <Picture size={14} aria-hidden />
      {keys.length > 1 && <span className={classes.rank}>{keys.findIndex((key) => key.field === field) + 1}</span>}
    </>
  );
}

/** Drags the width of a column; the menu of columns does the same by keys. */
function Handle({ column, place, onWidth, onPreview }: Pick<HeaderCellProps, 'column' | 'place' | 'onWidth' | 'onPreview'>) {
  const start = (event: PointerEvent<HTMLSpanElement>) => {
    if (event.button !== 0) return;
    event.preventDefault();
    const handle = event.currentTarget;
    const from = event.clientX;
    const widthAt = (x: number) => within(column.width + x - from);
    handle.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent) => onPreview(place, widthAt(moved.clientX));
    const end = (ended: globalThis.PointerEvent) => {
      handle.removeEventListener('pointermove', move);
      handle.removeEventListener('pointerup', end);
      handle.removeEventListener('pointercancel', end);
      if (widthAt(ended.clientX) !== column.width) onWidth(column.name, widthAt(ended.clientX));
    };
    handle.addEventListener('pointermove', move);
    handle.addEventListener('pointerup', end);
    handle.addEventListener('pointercancel', end);
  };
  return <span className={classes.handle} data-handle aria-hidden onPointerDown={start} />;
}
