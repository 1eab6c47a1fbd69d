import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useAsOf } from '@/lib/as-of';
import { texts } from '@/lib/i18n';
import { historyQuery } from '@/lib/records/queries';
import { Button } from '@/ui/button';
import { ProblemNotice, Skeleton } from '@/ui/feedback';
import { HappeningItem } from './happening-item';
import classes from './timeline.module.css';
import { byDay, happenings } from './sentences';
import { useScene } from './context';

const t = texts('record');

/** What happened to the record, day by day, newest first. */
export function Timeline() {
  const { type, record } = useScene();
  const asOf = useAsOf();
  const history = useInfiniteQuery(historyQuery(type.plural, record.id, asOf));
  const days = useMemo(() => byDay(happenings((history.data?.pages ?? []).flatMap((page) => page.items))), [history.data]);

  if (history.isLoading) return <Waiting />;
  if (history.error && !history.data) return <ProblemNotice error={history.error} retry={() => void history.refetch()} />;
  return (
    <section aria-label={t('history')} className={classes.timeline}>
      {days.map(({ day, happenings: told }) => (
        <div key={`${day} ${told[0]?.version}`}>
          <h3 className={classes.day}>{day}</h3>
          <ol className={classes.list}>
            {told.map((happening) => (
              <HappeningItem key={happening.version} happening={happening} />
            ))}
          </ol>
        </div>
      ))}
      {history.hasNextPage && (
        <Button variant="default" loading={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>
          {t('older')}
        </Button>
      )}
      {history.error && history.data && <ProblemNotice error={history.error} retry={() => void history.fetchNextPage()} />}
    </section>
  );
}

function Waiting() {
  return (
    <div className={classes.timeline} role="status" aria-busy aria-label={t('historyLoading')}>
      {[1, 2, 3, 4].map((each) => (
        <Skeleton key={each} height={44} mt={12} />
      ))}
    </div>
  );
}
