import { IconCheck } from '@tabler/icons-react';
import { texts } from '@/lib/i18n';
import type { AnyRecord } from '@/lib/records/types';
import { LazyFieldEditor } from '../../fields/lazy-editor';
import { FieldValue } from '../../fields/value';
import { isNumeric, type ShownColumn } from '../model/columns';
import type { Edit } from '../edits';
import classes from './grid.module.css';

const t = texts('list');

interface CellProps {
  record: AnyRecord;
  row: number;
  column: ShownColumn;
  /** Its place in the row; the boxes are at 0. */
  place: number;
  active: boolean;
  editing: boolean;
  edit: Edit | undefined;
  editable: boolean;
  onCommit: (record: AnyRecord, column: ShownColumn, place: number, wire: unknown, shown: unknown) => void;
  onCancel: (record: AnyRecord, column: ShownColumn, place: number) => void;
}

/** One value in the grid: shown, edited, on its way, or refused. */
export function Cell({ record, row, column, place, active, editing, edit, editable, onCommit, onCancel }: CellProps) {
  const value = edit?.state === 'pending' || edit?.state === 'refused' ? edit.shown : record[column.name];
  const open = column.field && (editing || edit?.state === 'refused');
  return (
    <div
      role="gridcell"
      aria-colindex={place + 1}
      aria-readonly={!editable}
      aria-busy={edit?.state === 'pending' || undefined}
      data-row={row}
      data-column={place}
      tabIndex={active && !open ? 0 : -1}
      className={`${classes.cell} ${isNumeric(column.kind) ? classes.number : ''} ${edit?.state === 'pending' ? classes.pending : ''} ${open ? classes.open : ''}`}
    >
      {open && column.field ? (
        <div className={classes.editor} data-editor>
          <LazyFieldEditor
            // A refusal begins another edit, from what was refused.
            key={edit?.state === 'refused' ? edit.message : ''}
            field={column.field}
            value={value}
            error={edit?.state === 'refused' ? edit.message : undefined}
            autoFocus={active}
            onCommit={(wire, shown) => onCommit(record, column, place, wire, shown)}
            onCancel={() => onCancel(record, column, place)}
          />
        </div>
      ) : (
        <span className={classes.text}>
          <FieldValue field={column} value={value} compact />
        </span>
      )}
      {edit?.state === 'saved' && <IconCheck size={14} className={classes.saved ?? ''} aria-label={t('saved')} />}
    </div>
  );
}
