import { useInfiniteQuery } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { answer, api, attempt } from '@/lib/api/client';
import { moment } from '@/lib/format';
import { texts } from '@/lib/i18n';
import { valueWords } from '@/lib/value-words';
import { Button } from '@/ui/button';
import { ProblemNotice, Skeleton } from '@/ui/feedback';
import classes from '../settings.module.css';
import { useAct } from '../shared/use-act';
import { SHOWN_IN, type OrganizationSettings } from './organization-api';

const t = texts('settings');
type Entry = components['schemas']['HistoryEntry'];

/** What `POST /organization/revert` brings back. */
const REVERTED = new Set(['organization.founded', 'organization.renamed', 'organization.settings_changed', 'organization.modules_changed']);

const revert = (version: number) => answer(api.POST('/api/v1/organization/revert', { body: { to_version: version }, headers: attempt() }));

/** What was ever set, and the way back to it. */
export function OrganizationHistory({ settings, mayChange }: { settings: OrganizationSettings; mayChange: boolean }) {
  const history = useInfiniteQuery({
    queryKey: ['settings', 'organization', 'history'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      answer(api.GET('/api/v1/organization/history', { signal, params: { query: { limit: 20, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const act = useAct();
  if (history.isPending) return <Skeleton height={96} />;
  if (history.isError) return <ProblemNotice error={history.error} retry={() => void history.refetch()} />;
  const entries = history.data.pages.flatMap((page) => page.items);
  const goBack = (entry: Entry) =>
    void act.run({
      call: () => revert(entry.version),
      done: t('wentBack', { when: moment(entry.recorded_at) }),
      undo: () => revert(settings.version),
      refresh: SHOWN_IN,
    });
  return (
    <>
      <ol className={classes.list}>
        {entries.map((entry) => (
          <li key={entry.version} className={classes.row}>
            <div className={classes.what}>
              <strong>{entry.summary}</strong>
              <Changes entry={entry} />
              <div className={classes.small}>
                {entry.actor.name} · <time dateTime={entry.recorded_at}>{moment(entry.recorded_at)}</time>
                {entry.reason && ` · ${entry.reason}`}
              </div>
            </div>
            {mayChange && entry.version < settings.version && REVERTED.has(entry.type) && (
              <Button variant="default" loading={act.busy} onClick={() => goBack(entry)} aria-label={t('goBackLabel', { when: moment(entry.recorded_at) })}>
                {t('goBack')}
              </Button>
            )}
          </li>
        ))}
      </ol>
      {history.hasNextPage && (
        <Button variant="subtle" loading={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>
          {t('older')}
        </Button>
      )}
    </>
  );
}

function Changes({ entry }: { entry: Entry }) {
  if (entry.changes.length === 0) return null;
  return (
    <ul className={classes.changes}>
      {entry.changes.map((change) => (
        <li key={change.field}>
          {change.label}: {change.from !== null && <><del className={classes.was}>{valueWords(change.from)}</del> → </>}
          {valueWords(change.to)}
        </li>
      ))}
    </ul>
  );
}
