import { hasCode } from '@/lib/api/problem';
import { useSetAsOf } from '@/lib/as-of';
import { moment } from '@/lib/format';
import { texts } from '@/lib/i18n';
import type { RecordType } from '@/lib/meta';
import type { AnyRecord } from '@/lib/records/types';
import { Link } from '@tanstack/react-router';
import { Button } from '@/ui/button';
import { EmptyState, ProblemNotice, Skeleton } from '@/ui/feedback';
import classes from './record.module.css';

const t = texts('record');

interface AbsentProps {
  type: RecordType;
  error: unknown;
  present: AnyRecord | undefined;
  asOf: string | undefined;
  version: number | undefined;
  retry: () => void;
}

/** Why there is no record to show: not yet then, no such version, not there at all, or a failure. */
export function Absent(props: AbsentProps) {
  return (
    <>
      <h1 className="visually-hidden">{props.type.label}</h1>
      <Reason {...props} />
    </>
  );
}

function Reason({ type, error, present, asOf, version, retry }: AbsentProps) {
  const setAsOf = useSetAsOf();
  const name = type.label.toLowerCase();
  if (!hasCode(error, 'not_found')) {
    return (
      <div className={classes.page}>
        <ProblemNotice error={error} retry={retry} />
      </div>
    );
  }
  if (asOf && present) {
    const created = typeof present['created_at'] === 'string' ? moment(present['created_at']) : '';
    return (
      <EmptyState kind="nothing" title={t('notYetThen', { name: present.label })}>
        <p>{t('notYetThenAdvice', { then: moment(asOf), created })}</p>
        <Button onClick={() => setAsOf(undefined)}>{t('showNow')}</Button>
      </EmptyState>
    );
  }
  if (version !== undefined && present) {
    return (
      <EmptyState kind="noMatch" title={t('noSuchVersion', { version })}>
        <Link to="/$plural/$id" params={{ plural: type.plural, id: present.id }}>
          {t('showNow')}
        </Link>
      </EmptyState>
    );
  }
  return (
    <EmptyState kind="noMatch" title={t('noSuchRecord', { type: name })}>
      <p>{t(asOf ? 'noSuchRecordThen' : 'noSuchRecordAdvice', { type: name })}</p>
      <Link to="/$plural" params={{ plural: type.plural }}>
        {t('toList', { types: type.label_plural })}
      </Link>
    </EmptyState>
  );
}

/** The outline of a record while it is on its way. */
export function Loading() {
  return (
    <div className={classes.page} role="status" aria-busy aria-label={t('recordLoading')}>
      <Skeleton height={28} width={240} mb={16} />
      {[1, 2, 3, 4, 5, 6, 7, 8].map((each) => (
        <Skeleton key={each} height={20} mb={12} width={`${60 + ((each * 17) % 35)}%`} />
      ))}
    </div>
  );
}
