import { Link } from '@tanstack/react-router';
import { type CSSProperties, memo, type MouseEvent } from 'react';
import { useAsOf } from '@/lib/as-of';
import { texts } from '@/lib/i18n';
import type { AnyRecord } from '@/lib/records/types';
import { LazyFieldEditor } from '../../fields/lazy-editor';
import type { ShownColumn } from '../model/columns';
import { type Edits, editKey } from '../edits';
import { Cell } from './cell';
import classes from './grid.module.css';

const t = texts('list');

export interface RowActs {
  onSelect: (id: string, range: boolean) => void;
  onOpen: (id: string) => void;
  onCommit: (record: AnyRecord, column: ShownColumn, place: number, wire: unknown, shown: unknown) => void;
  onCancel: (record: AnyRecord, column: ShownColumn, place: number) => void;
}

interface RowProps {
  plural: string;
  record: AnyRecord;
  index: number;
  start: number;
  columns: readonly ShownColumn[];
  selected: boolean;
  opened: boolean;
  /** The column with the focus of the grid, if it is in this row. */
  active: number | null;
  editing: number | null;
  edits: Edits;
  editable: (place: number) => boolean;
  acts: RowActs;
}

export const Row = memo(function Row({ plural, record, index, start, columns, selected, opened, active, editing, edits, editable, acts }: RowProps) {
  const [name, ...others] = columns;
  if (!name) return null;
  const nameEdit = edits.get(editKey(record.id, name.name));
  const nameOpen = editing === 1 || nameEdit?.state === 'refused';
  const raised = editing !== null || others.some((column) => edits.get(editKey(record.id, column.name))?.state === 'refused') || nameOpen;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      aria-current={opened || undefined}
      className={`${classes.row} ${raised ? classes.raised : ''}`}
      style={{ '--start': `${start}px` } as CSSProperties}
    >
      <div role="gridcell" aria-colindex={1} data-row={index} data-column={0} tabIndex={active === 0 ? 0 : -1} className={`${classes.cell} ${classes.box}`}>
        <SelectBox record={record} selected={selected} onSelect={acts.onSelect} />
      </div>
      <div
        role="gridcell"
        aria-colindex={2}
        aria-readonly={!editable(1)}
        data-row={index}
        data-column={1}
        tabIndex={active === 1 && !nameOpen ? 0 : -1}
        className={`${classes.cell} ${classes.name} ${nameOpen ? classes.open : ''} ${nameEdit?.state === 'pending' ? classes.pending : ''}`}
      >
        {nameOpen && name.field ? (
          <div className={classes.editor} data-editor>
            <LazyFieldEditor
              field={name.field}
              value={nameEdit?.state === 'refused' ? nameEdit.shown : record[name.name]}
              error={nameEdit?.state === 'refused' ? nameEdit.message : undefined}
              autoFocus={active === 1}
              onCommit={(wire, shown) => acts.onCommit(record, name, 1, wire, shown)}
              onCancel={() => acts.onCancel(record, name, 1)}
            />
          </div>
        ) : (
          <NameLink plural={plural} record={record} shown={nameEdit?.state === 'pending' ? String(nameEdit.shown ?? '') : record.label} onOpen={acts.onOpen} />
        )}
      </div>
      {others.map((column, at) => (
        <Cell
          key={column.name}
          record={record}
          row={index}
          column={column}
          place={at + 2}
          active={active === at + 2}
          editing={editing === at + 2}
          edit={edits.get(editKey(record.id, column.name))}
          editable={editable(at + 2)}
          onCommit={acts.onCommit}
          onCancel={acts.onCancel}
        />
      ))}
    </div>
  );
});

/** A box for selecting; with Shift, everything since the last one. */
export function SelectBox({ record, selected, onSelect }: { record: AnyRecord; selected: boolean; onSelect: RowActs['onSelect'] }) {
  return (
    <label className={classes.boxLabel}>
      <input
        type="checkbox"
        tabIndex={-1}
        checked={selected}
        aria-label={t('selectOne', { name: record.label || t('noName') })}
        onChange={(event) => onSelect(record.id, (event.nativeEvent as unknown as MouseEvent).shiftKey === true)}
      />
    </label>
  );
}

/** The name: a click opens the record beside the list, any other way of following it its page. */
export function NameLink({ plural, record, shown, onOpen, focusable = false }: { plural: string; record: AnyRecord; shown: string; onOpen: (id: string) => void; focusable?: boolean }) {
  const asOf = useAsOf();
  return (
    <Link
      to="/$plural/$id"
      params={{ plural, id: record.id }}
      search={asOf ? { as_of: asOf } : {}}
      preload={false}
      tabIndex={focusable ? undefined : -1}
      className={classes.nameLink ?? ''}
      onClick={(event: MouseEvent) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        onOpen(record.id);
      }}
    >
      {shown || t('noName')}
    </Link>
  );
}
