import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { sameMoment, useAsOf } from '@/lib/as-of';
import { dayOf } from '@/lib/format';
import { texts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { EmptyState, ProblemNotice, Skeleton } from '@/ui/feedback';
import { Stack } from '@/ui/layout';
import { Page } from '@/ui/page';
import classes from './audit.module.css';
import { acts } from './acts';
import { auditQuery, type AuditEntry } from './audit-queries';
import { Entry } from './entry';
import { Filters } from './filters';
import type { AuditSearch } from './search';

const t = texts('audit');

/** Everything that happened, as sentences. Nothing can be changed here. */
export function AuditPage() {
  const search = useSearch({ from: '/staff/audit' });
  const navigate = useNavigate({ from: '/audit' });
  const asOf = useAsOf();
  const trail = useInfiniteQuery(auditQuery(search, asOf));
  const set = (changes: Partial<AuditSearch>) => void navigate({ search: (before) => ({ ...before, ...changes }), replace: true });
  const rights = (
    <Link to="/audit/rights" search={sameMoment} className={classes.link ?? ''}>
      {t('toRights')}
    </Link>
  );
  return (
    <Page title={t('title')} actions={rights}>
      <p className={classes.muted}>{t('about')}</p>
      <Filters search={search} set={set} />
      {trail.isPending && <Waiting />}
      {trail.isError && <ProblemNotice error={trail.error} retry={() => void trail.refetch()} />}
      {trail.data && <Days entries={trail.data.pages.flatMap((page) => page.items)} search={search} set={set} />}
      {trail.hasNextPage && (
        <Button variant="default" mt="md" loading={trail.isFetchingNextPage} onClick={() => void trail.fetchNextPage()}>
          {t('older')}
        </Button>
      )}
      {trail.data && !trail.hasNextPage && trail.data.pages[0]?.items.length !== 0 && <p className={classes.muted}>{t('end')}</p>}
    </Page>
  );
}

/** Entries that stand together under each day. */
function byDay(entries: AuditEntry[]): { day: string; entries: AuditEntry[] }[] {
  const days: { day: string; entries: AuditEntry[] }[] = [];
  for (const entry of entries) {
    const day = dayOf(entry.recorded_at);
    const last = days.at(-1);
    if (last?.day === day) last.entries.push(entry);
    else days.push({ day, entries: [entry] });
  }
  return days;
}

interface DaysProps {
  entries: AuditEntry[];
  search: AuditSearch;
  set: (changes: Partial<AuditSearch>) => void;
}

function Days({ entries, search, set }: DaysProps) {
  if (entries.length === 0) {
    return (
      <EmptyState kind="noMatch" title={t('none')}>
        {t('noneAdvice')}
      </EmptyState>
    );
  }
  return byDay(entries).map(({ day, entries: ofDay }) => (
    <section key={day} aria-label={day}>
      <h2 className={classes.day}>{day}</h2>
      <ol className={classes.entries}>
        {acts(ofDay, search.action === undefined).map(({ shown, more }) => (
          <Act key={shown[0]?.position} shown={shown} more={more} search={search} set={set} />
        ))}
      </ol>
    </section>
  ));
}

/** The entries of one act, and where the rest of it is. */
function Act({ shown, more, search, set }: { shown: AuditEntry[]; more: number } & Omit<DaysProps, 'entries'>) {
  return (
    <>
      {shown.map((entry) => (
        <Entry key={entry.position} entry={entry} open={search.open === entry.position} set={set} />
      ))}
      {more > 0 && (
        <li className={classes.more}>
          <Button variant="subtle" onClick={() => set({ action: shown[0]?.action_id })}>
            {t('moreOfAct', { count: more })}
          </Button>
        </li>
      )}
    </>
  );
}

function Waiting() {
  return (
    <Stack gap="sm" mt="md" aria-busy>
      {Array.from({ length: 12 }, (_, line) => (
        <Skeleton key={line} height={24} />
      ))}
    </Stack>
  );
}
