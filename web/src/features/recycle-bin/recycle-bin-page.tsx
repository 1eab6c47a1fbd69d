import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useFrozen, whyFrozen } from '@/lib/frozen';
import { texts } from '@/lib/i18n';
import { useMeta, type RecordType } from '@/lib/meta';
import { records } from '@/lib/records/api';
import { keys } from '@/lib/records/queries';
import type { RecordPage } from '@/lib/records/types';
import { Button, ExplainedButton } from '@/ui/button';
import { Alert, EmptyState, ProblemNotice, Skeleton } from '@/ui/feedback';
import { Page } from '@/ui/page';
import { Tabs } from '@/ui/tabs';
import { BinTable } from './bin-table';
import classes from './recycle-bin.module.css';
import { useRestore } from './restore';

const t = texts('audit');
const list = texts('common');

/** The deleted records of each type, and the way back. */
export function RecycleBinPage() {
  const { record_types: types } = useMeta();
  const readable = types.filter((type) => type.may['read']);
  const { type: wanted } = useSearch({ from: '/staff/recycle-bin' });
  const navigate = useNavigate({ from: '/recycle-bin' });
  const frozen = useFrozen();
  const open = readable.find((type) => type.plural === wanted) ?? readable[0];
  return (
    <Page title={t('bin')}>
      <p className={classes.about}>{t('binAbout')}</p>
      {frozen === 'past' && <Alert className={classes.past ?? ''}>{t('binPast')}</Alert>}
      {open && (
        <Tabs value={open.plural} onChange={(type) => type && void navigate({ search: (before) => ({ ...before, type }), replace: true })}>
          <Tabs.List aria-label={t('binType')}>
            {readable.map((type) => (
              <Tabs.Tab key={type.plural} value={type.plural}>
                {type.label_plural}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {readable.map((type) => (
            <Tabs.Panel key={type.plural} value={type.plural} pt="md">
              {type.plural === open.plural && <Deleted type={type} frozen={whyFrozen(frozen)} />}
            </Tabs.Panel>
          ))}
        </Tabs>
      )}
    </Page>
  );
}

/** Without a moment to put together, a search always answers with a page. */
async function deletedOf(plural: string, cursor: string | undefined, signal: AbortSignal): Promise<RecordPage> {
  const found = await records.search(plural, { deleted: 'only', sort: '-updated_at', limit: 50, ...(cursor ? { cursor } : {}) }, signal);
  return 'items' in found ? found : { items: [], next_cursor: null, total: null };
}

function Deleted({ type, frozen }: { type: RecordType; frozen: string | undefined }) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const restore = useRestore(type);
  const deleted = useInfiniteQuery({
    queryKey: keys.bin(type.plural),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => deletedOf(type.plural, pageParam, signal),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  if (deleted.isPending) return <Skeleton height={320} />;
  if (deleted.isError) return <ProblemNotice error={deleted.error} retry={() => void deleted.refetch()} />;
  const rows = deleted.data.pages.flatMap((page) => page.items).filter((row) => row.deleted);
  const ids = rows.filter((row) => chosen.has(row.id)).map((row) => row.id);
  const bring = (wanted: string[]) => {
    restore.mutate(wanted);
    setChosen(new Set());
  };
  if (rows.length === 0) {
    return (
      <EmptyState kind="nothing" title={t('binEmpty')}>
        {t('binEmptyAdvice')}
      </EmptyState>
    );
  }
  return (
    <>
      <div className={classes.bar} role="group" aria-label={t('bin')}>
        <ExplainedButton why={frozen} disabled={ids.length === 0} loading={restore.isPending} onClick={() => bring(ids)}>
          {ids.length === 0 ? list('restore') : t('binRestoreMany', { count: ids.length })}
        </ExplainedButton>
      </div>
      <BinTable type={type} rows={rows} chosen={chosen} choose={setChosen} frozen={frozen} busy={restore.isPending} restore={(id) => bring([id])} />
      {deleted.hasNextPage && (
        <Button variant="default" mt="md" loading={deleted.isFetchingNextPage} onClick={() => void deleted.fetchNextPage()}>
          {t('older')}
        </Button>
      )}
    </>
  );
}
