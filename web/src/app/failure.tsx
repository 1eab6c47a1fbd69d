import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { hasCode } from '@/lib/api/problem';
import { texts } from '@/lib/i18n';
import { EmptyState, ProblemNotice } from '@/ui/feedback';
import classes from './failure.module.css';

const t = texts('shell');

/** What stands in the place of a page that failed. The rest of the screen stays. */
export function Failure({ error, reset }: ErrorComponentProps) {
  const queries = useQueryErrorResetBoundary();
  const router = useRouter();
  if (hasCode(error, 'not_permitted')) {
    return <EmptyState page kind="notAllowed" title={t('notAllowed')}>{t('notAllowedAdvice')}</EmptyState>;
  }
  const retry = async () => {
    queries.reset();
    // The page itself may not have been loaded.
    await router.invalidate();
    reset();
  };
  return (
    <div className={classes.failure}>
      <ProblemNotice error={error} retry={() => void retry()} />
    </div>
  );
}
