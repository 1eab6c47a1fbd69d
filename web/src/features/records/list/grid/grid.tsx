import { useElementScrollRestoration } from '@tanstack/react-router';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, useCallback, useEffect, useId, useMemo } from 'react';
import { texts } from '@/lib/i18n';
import type { RecordType } from '@/lib/meta';
import type { AnyRecord } from '@/lib/records/types';
import { VisuallyHidden } from '@/ui/layout';
import { prepareEditor } from '../../fields/lazy-editor';
import type { useEdits } from '../edits';
import type { Sight } from '../live/sight';
import { useSight } from '../live/use-sight';
import type { ShownColumn } from '../model/columns';
import { extended, isAny, isSelected, loadedToggled, type Selection, toggled } from '../model/selection';
import type { Rows } from '../rows';
import classes from './grid.module.css';
import { Header } from './header';
import { Row, type RowActs } from './row';
import { useGrid } from './use-grid';
import { useRowHeight } from './use-row-height';
import { wantsMore, windowRows } from './window';

const t = texts('list');
const BOX = 36;
/** Rows beyond those in sight, each way. */
const OVERSCAN = 6;
/** Places of rows while nothing is here yet. */
const FIRST_ROWS = 24;
export const SCROLLER = 'record-list';

interface GridProps {
  type: RecordType;
  columns: readonly ShownColumn[];
  loaded: Rows;
  sort: string;
  onSort: (field: string, keepOthers: boolean) => void;
  onWidth: (name: string, width: number) => void;
  onMove: (name: string, beside: string, after: boolean) => void;
  readOnly: boolean;
  selection: Selection;
  onSelection: (selection: Selection) => void;
  opened: string | undefined;
  onOpen: (id: string) => void;
  onOpenPage: (id: string) => void;
  changes: ReturnType<typeof useEdits>;
  sight: Sight;
  question: string;
}

const template = (columns: readonly ShownColumn[]) => [`${BOX}px`, ...columns.map(({ width }) => `${width}px`), 'minmax(0, 1fr)'].join(' ');

/** Records in rows and columns; only those in sight are on the page. */
export function Grid({ type, columns, loaded, sort, onSort, onWidth, onMove, readOnly, selection, onSelection, opened, onOpen, onOpenPage, changes, sight, question }: GridProps) {
  const { rows } = loaded;
  const rowHeight = useRowHeight();
  const help = useId();
  const restored = useElementScrollRestoration({ id: SCROLLER });
  const { edits, commit, forget } = changes;
  const mayEdit = !readOnly && type.may['update'] === true;
  const editable = useCallback(
    (place: number) => {
      const field = columns[place - 1]?.field;
      return mayEdit && field !== undefined && !field.read_only;
    },
    [columns, mayEdit],
  );
  const count = loaded.first ? FIRST_ROWS : windowRows(rows.length, loaded.hasMore, loaded.total, rowHeight);
  const grid = useGrid({ rows, columns: columns.length + 1, rowHeight, editable, selection, onSelection, onOpen, onOpenPage, opened });
  const { root, at, editing, endEdit } = grid;
  const activeRow = at.row;

  // eslint-disable-next-line react-hooks/incompatible-library -- no compiler memoizes here
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => root.current,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    scrollMargin: rowHeight,
    initialOffset: restored?.scrollY ?? 0,
    // The row with the focus stays, so that the keyboard is not lost when it is scrolled away.
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      return activeRow < 0 || activeRow >= range.count || shown.includes(activeRow) ? shown : [...shown, activeRow].sort((one, other) => one - other);
    },
  });
  const items = virtual.getVirtualItems();
  const lastInSight = virtual.range?.endIndex ?? 0;
  useSight({ sight, scroller: root, rows, question, range: virtual.range, rowHeight });
  const { loadMore, hasMore, loadingMore, error } = loaded;

  // Rows come as the window nears the end of those that are here; a failure waits to be tried again.
  useEffect(() => {
    if (!loadingMore && !error && wantsMore(lastInSight, rows.length, hasMore, rowHeight)) loadMore();
  }, [lastInSight, rows.length, hasMore, loadingMore, error, loadMore, rowHeight]);

  const ids = useMemo(() => rows.map((row) => row.id), [rows]);
  const acts: RowActs = useMemo(
    () => ({
      onSelect: (id, range) => onSelection(range ? extended(selection, id, ids) : toggled(selection, id, ids)),
      onOpen,
      onCommit: (record, column, place, wire, shown) => {
        commit(record, column, wire, shown);
        endEdit(record.id, place);
      },
      onCancel: (record, column, place) => {
        forget(record.id, column.name);
        endEdit(record.id, place);
      },
    }),
    [selection, onSelection, ids, onOpen, commit, forget, endEdit],
  );

  const style = {
    '--columns': template(columns),
    '--name-width': `${columns[0]?.width ?? 0}px`,
    '--total-width': `${columns.reduce((sum, { width }) => sum + width, BOX)}px`,
  } as CSSProperties;

  const preview = (place: number, width: number) => {
    const shown = columns.map((column, index) => (index === place - 1 ? { ...column, width } : column));
    root.current?.style.setProperty('--columns', template(shown));
  };

  return (
    <>
      <VisuallyHidden id={help}>{t('gridHelp')}</VisuallyHidden>
      <div
        ref={root}
        role="grid"
        aria-label={t('grid', { type: type.label_plural })}
        aria-describedby={help}
        aria-rowcount={loaded.total?.exact ? loaded.total.value + 1 : -1}
        aria-colcount={columns.length + 1}
        aria-multiselectable
        aria-busy={loaded.stale}
        tabIndex={-1}
        className={classes.grid}
        style={style}
        data-scroll-restoration-id={SCROLLER}
        {...grid.handlers}
        onFocusCapture={prepareEditor}
        onPointerEnter={prepareEditor}
      >
        <div role="rowgroup" className={classes.head}>
          <Header
            columns={columns}
            sort={sort}
            onSort={onSort}
            onWidth={onWidth}
            onPreview={preview}
            onMove={onMove}
            active={activeRow === -1 ? at.column : null}
            allSelected={selection.all || (rows.length > 0 && ids.every((id) => selection.ids.has(id)))}
            someSelected={isAny(selection)}
            onSelectAll={() => onSelection(loadedToggled(selection, ids))}
          />
        </div>
        <div role="rowgroup" className={`${classes.body} ${loaded.stale ? classes.stale : ''}`} style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const record: AnyRecord | undefined = rows[item.index];
            const start = item.start - rowHeight;
            if (!record) return <Waiting key={item.key} start={start} index={item.index} columns={columns} />;
            return (
              <Row
                key={record.id}
                plural={type.plural}
                record={record}
                index={item.index}
                start={start}
                columns={columns}
                selected={isSelected(selection, record.id)}
                opened={opened === record.id}
                active={activeRow === item.index ? at.column : null}
                editing={editing?.id === record.id ? editing.column : null}
                edits={edits}
                editable={editable}
                acts={acts}
              />
            );
          })}
        </div>
      </div>
    </>
  );
}

/** The place of a row that is on its way. */
function Waiting({ start, index, columns }: { start: number; index: number; columns: readonly ShownColumn[] }) {
  return (
    <div role="row" aria-rowindex={index + 2} aria-busy className={classes.row} style={{ '--start': `${start}px` } as CSSProperties}>
      <span role="gridcell" aria-colindex={1} />
      {columns.map((column, at) => (
        <span key={column.name} role="gridcell" aria-colindex={at + 2} className={classes.cell}>
          <span className={classes.bar} />
        </span>
      ))}
    </div>
  );
}
