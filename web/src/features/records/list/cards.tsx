import { useElementScrollRestoration } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, useEffect, useRef } from 'react';
import { texts } from '@/lib/i18n';
import type { RecordType } from '@/lib/meta';
import type { AnyRecord } from '@/lib/records/types';
import { isEmpty, plainValue } from '../fields/plain';
import classes from './cards.module.css';
import { SCROLLER } from './grid/grid';
import { NameLink, SelectBox } from './grid/row';
import { wantsMore, windowRows } from './grid/window';
import type { Sight } from './live/sight';
import { useSight } from './live/use-sight';
import type { ShownColumn } from './model/columns';
import { isSelected, type Selection, toggled } from './model/selection';
import type { Rows } from './rows';

const t = texts('list');
const HEIGHT = 64;
const FIRST_CARDS = 10;

interface CardsProps {
  type: RecordType;
  columns: readonly ShownColumn[];
  loaded: Rows;
  selection: Selection;
  onSelection: (selection: Selection) => void;
  onOpen: (id: string) => void;
  sight: Sight;
  question: string;
}

/** The same rows for a narrow screen: the name, and the two values that say most. */
export function Cards({ type, columns, loaded, selection, onSelection, onOpen, sight, question }: CardsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const restored = useElementScrollRestoration({ id: SCROLLER });
  const { rows, hasMore, loadingMore, loadMore, error } = loaded;
  // eslint-disable-next-line react-hooks/incompatible-library -- no compiler memoizes here
  const virtual = useVirtualizer({
    count: loaded.first ? FIRST_CARDS : windowRows(rows.length, hasMore, loaded.total, HEIGHT),
    getScrollElement: () => scroller.current,
    estimateSize: () => HEIGHT,
    overscan: 5,
    initialOffset: restored?.scrollY ?? 0,
  });
  const lastInSight = virtual.range?.endIndex ?? 0;
  useSight({ sight, scroller, rows, question, range: virtual.range, rowHeight: HEIGHT });
  useEffect(() => {
    if (!loadingMore && !error && wantsMore(lastInSight, rows.length, hasMore, HEIGHT)) loadMore();
  }, [lastInSight, rows.length, hasMore, loadingMore, error, loadMore]);
  const ids = () => rows.map((row) => row.id);
  return (
    <div ref={scroller} className={classes.scroller} data-scroll-restoration-id={SCROLLER} role="region" tabIndex={0} aria-label={t('grid', { type: type.label_plural })}>
      <ul className={`${classes.list} ${loaded.stale ? classes.stale : ''}`} style={{ height: virtual.getTotalSize() }} aria-busy={loaded.first || loaded.stale}>
        {virtual.getVirtualItems().map((item) => {
          const record = rows[item.index];
          return (
            <li key={record?.id ?? item.key} className={classes.card} style={{ '--start': `${item.start}px` } as CSSProperties} aria-setsize={loaded.total?.exact ? loaded.total.value : -1} aria-posinset={item.index + 1}>
              {record ? (
                <>
                  <div className={classes.box}>
                    <SelectBox record={record} selected={isSelected(selection, record.id)} onSelect={() => onSelection(toggled(selection, record.id, ids()))} />
                  </div>
                  <div className={classes.words}>
                    <NameLink plural={type.plural} record={record} shown={record.label} onOpen={onOpen} focusable />
                    <span className={classes.values}>{tellingValues(record, columns)}</span>
                  </div>
                </>
              ) : (
                <span className={classes.bar} />
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** The first two values there are, in the order of the columns. */
function tellingValues(record: AnyRecord, columns: readonly ShownColumn[]): string {
  return columns
    .slice(1)
    .filter((column) => !isEmpty(record[column.name]))
    .map((column) => plainValue(column, record[column.name]))
    .filter(Boolean)
    .slice(0, 2)
    .join(' · ');
}
