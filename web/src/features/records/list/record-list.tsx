import { useNavigate } from '@tanstack/react-router';
import { IconFilter } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { useAsOf } from '@/lib/as-of';
import { useFrozen, whyFrozen } from '@/lib/frozen';
import { texts } from '@/lib/i18n';
import { type RecordType, useMe } from '@/lib/meta';
import { recents } from '@/lib/recents';
import type { AnyRecord, Search } from '@/lib/records/types';
import { useViewAs } from '@/lib/view-as';
import { Button, ExplainedButton } from '@/ui/button';
import { useMediaQuery } from '@/ui/hooks';
import { lazyDialog, lazyPart } from '@/ui/lazy-part';
import { Drawer } from '@/ui/overlays';
import { useTitle } from '@/ui/page';
import { Title } from '@/ui/text';
import { BulkActs } from './bulk/bulk-acts';
import { BulkStatus } from './bulk/bulk-status';
import { useBulk } from './bulk/use-bulk';
import { ColumnsMenu } from './columns-menu';
import { useEdits } from './edits';
import { filterFields } from './filter/fields';
import { ListBody } from './list-body';
import classes from './list-page.module.css';
import { type ListState, useListState } from './list-state';
import { Sight } from './live/sight';
import { useLiveRows } from './live/use-live-rows';
import { columnsFrom, columnsText, fieldsToAsk, movedBeside, type Placed, shownColumns, usualColumns, widened } from './model/columns';
import { countOf, type Group, NOTHING, toSend } from './model/filter';
import { isAny, NONE, type Selection } from './model/selection';
import { DEFAULT_SORT, sortedBy } from './model/sort';
import { type Rows, useRows } from './rows';
import { SearchBox } from './search-box';
import { countText, SelectionBar } from './selection-bar';
import { ViewsMenu } from './views/views-menu';

const t = texts('list');
// Not needed to show the rows.
const RecordPanel = lazyDialog(() => import('../page/record-panel'), 'RecordPanel');
const FilterBuilder = lazyPart(() => import('./filter/filter-builder'), 'FilterBuilder');
const CreateRecord = lazyDialog(() => import('../page/create-record'), 'CreateRecord');

/** A list of records of any type: what it shows stands in the address. */
export function RecordList({ type }: { type: RecordType }) {
  const { plural } = type;
  const asOf = useAsOf();
  const frozen = useFrozen();
  const state = useListState(type);
  const { content } = state;
  const narrow = useMediaQuery('(max-width: 640px)', false, { getInitialValueInEffect: false });
  const [selection, setSelection] = useState<Selection>(NONE);
  const [building, setBuilding] = useState(false);
  const changes = useEdits(plural);
  const bulk = useBulk(type);
  const navigate = useNavigate();
  const { member } = useMe();
  const viewId = state.view?.id ?? '';
  const listName = state.view?.name ?? type.label_plural;
  useEffect(() => {
    if (state.ready) recents.remember(member, { kind: 'list', plural, id: viewId, label: listName });
  }, [member, plural, viewId, listName, state.ready]);
  useTitle(state.view?.name ? `${state.view.name} · ${type.label_plural}` : type.label_plural);

  const placed = useMemo(() => (content.columns ? columnsFrom(content.columns) : usualColumns(type)), [content.columns, type]);
  const columns = useMemo(() => shownColumns(type, placed), [type, placed]);
  const filter = toSend(content.filter);
  const matching = {
    ...(content.q ? { q: content.q } : {}),
    ...(filter ? { filter: filter as unknown as NonNullable<Search['filter']> } : {}),
  };
  const asked = {
    ...matching,
    sort: content.sort || DEFAULT_SORT,
    fields: fieldsToAsk(columns),
    ...(asOf ? { as_of: asOf } : {}),
  };
  const loaded = useRows(plural, asked, state.ready);
  const [sight] = useState(() => new Sight());
  const news = useLiveRows(plural, asked, sight);

  // Another question has other rows: what was selected in the one before is not meant any more.
  const question = JSON.stringify([content.q, filter, asOf]);
  const [asks, setAsks] = useState(question);
  if (asks !== question) {
    setAsks(question);
    setSelection(NONE);
  }

  const place = (next: Placed[] | null, replace = false) => {
    state.change({ columns: next ? columnsText(next) : '' }, { replace });
  };
  const applyFilter = (next: Group) => {
    setBuilding(false);
    state.change({ filter: next });
  };
  const clear = () => state.change({ q: '', filter: NOTHING });
  const builder = (
    <FilterBuilder key={JSON.stringify(content.filter)} fields={filterFields(type)} filter={content.filter} onApply={applyFilter} onClose={() => setBuilding(false)} />
  );
  const conditions = countOf(content.filter);

  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <Title order={1}>{type.label_plural}</Title>
        <ViewsMenu type={type} state={state} />
        <Count loaded={loaded} />
        <span className={classes.space} />
        <CreateButton type={type} onCreated={(id) => state.open(id)} />
      </div>
      <Notices state={state} />
      <div className={classes.tools}>
        <SearchBox
          label={t('searchIn', { type: type.label_plural.toLowerCase() })}
          words={content.q}
          onWords={(q) => q !== content.q && state.change({ q }, { replace: content.q !== '' })}
        />
        <Button variant={conditions > 0 ? 'light' : 'default'} leftSection={<IconFilter size={16} />} aria-expanded={building} onClick={() => setBuilding(!building)}>
          {conditions > 0 ? t('filterCount', { count: conditions }) : t('filter')}
        </Button>
        {!narrow && <ColumnsMenu type={type} shown={columns} placed={placed} onPlaced={place} />}
      </div>
      {narrow ? (
        <Drawer opened={building} onClose={() => setBuilding(false)} position="bottom" size="85%" title={t('filter')}>
          {builder}
        </Drawer>
      ) : (
        building && builder
      )}
      <ListBody
        type={type}
        columns={columns}
        loaded={loaded}
        narrow={narrow}
        narrowed={content.q !== '' || conditions > 0}
        onClear={clear}
        past={asOf !== undefined}
        frozen={frozen !== null}
        sort={content.sort}
        onSort={(field, keep) => state.change({ sort: sortedBy(content.sort, field, keep) || DEFAULT_SORT })}
        onMove={(name, beside, after) => place(movedBeside(placed, name, beside, after))}
        onWidth={(name, width) => place(widened(placed, name, width), true)}
        selection={selection}
        onSelection={setSelection}
        opened={state.opened}
        onOpen={(id) => state.open(id, { replace: state.opened !== undefined })}
        onOpenPage={(id) => void navigate({ to: '/$plural/$id', params: { plural, id }, search: asOf ? { as_of: asOf } : {} })}
        changes={changes}
        sight={sight}
        question={loaded.stale ? '' : JSON.stringify(asked)}
        waiting={news.waiting}
        onShowWaiting={news.show}
      />
      {isAny(selection) && (
        <SelectionBar selection={selection} onSelection={setSelection} loaded={loaded.rows.length} total={loaded.total}>
          <BulkActs type={type} bulk={bulk} selection={selection} matching={matching} frozen={whyFrozen(frozen)} onSettled={() => setSelection(NONE)} />
        </SelectionBar>
      )}
      {(bulk.running || bulk.outcome) && (
        <div className={classes.selection}>
          <BulkStatus bulk={bulk} />
        </div>
      )}
      <OpenRecord plural={plural} state={state} rows={loaded.rows} />
    </div>
  );
}

/** How many there are; said to those who do not see it when it changes. */
function Count({ loaded }: { loaded: Rows }) {
  const { total } = loaded;
  const text = !total ? '' : total.exact ? t('rows', { count: total.value }) : t('rowsOrMore', { count: total.value });
  return (
    <span className={classes.count} role="status" title={total && !total.exact ? countText(total) : undefined}>
      {loaded.stale ? t('stale') : text}
    </span>
  );
}

function CreateButton({ type, onCreated }: { type: RecordType; onCreated: (id: string) => void }) {
  const [opened, setOpened] = useState(false);
  const [wanted, setWanted] = useState(false);
  const frozen = useFrozen();
  const plural = type.label_plural.toLowerCase();
  const role = useViewAs()?.name;
  const mayNot = role === undefined ? t('mayNotCreate', { type: plural }) : t('roleMayNotCreate', { role, type: plural });
  const why = frozen === 'past' || type.may['create'] ? whyFrozen(frozen) : mayNot;
  const open = () => {
    setWanted(true);
    setOpened(true);
  };
  const created = (record: AnyRecord) => {
    setOpened(false);
    onCreated(record.id);
  };
  return (
    <>
      <ExplainedButton why={why} onClick={open}>
        {t('newOne', { type: type.label.toLowerCase() })}
      </ExplainedButton>
      {wanted && <CreateRecord plural={type.plural} opened={opened} onClose={() => setOpened(false)} onCreated={created} />}
    </>
  );
}

/** The record in the address, beside the list; next and previous are those of the list. */
function OpenRecord({ plural, state, rows }: { plural: string; state: ListState; rows: readonly AnyRecord[] }) {
  const { opened } = state;
  if (!opened) return null;
  const at = rows.findIndex((row) => row.id === opened);
  const to = (index: number) => {
    const there = at < 0 ? undefined : rows[index];
    return there && (() => state.open(there.id, { replace: true }));
  };
  return (
    <RecordPanel plural={plural} id={opened} onClose={() => state.open(undefined)} onNext={to(at + 1)} onPrevious={to(at - 1)} />
  );
}

function Notices({ state }: { state: ListState }) {
  const incomplete = (state.view?.incomplete.length ?? 0) > 0;
  if (!state.viewMissing && !incomplete) return null;
  return (
    <p className={classes.notice} role="alert">
      {t(state.viewMissing ? 'viewMissing' : 'viewIncomplete')}
    </p>
  );
}
