import { number } from '@/lib/format';
import { texts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { Alert, Progress } from '@/ui/feedback';
import classes from './bulk.module.css';
import type { Bulk, Outcome, Running } from './use-bulk';

const t = texts('list');
const common = texts('common');

/** How far an act on many records is, and afterwards what was not done of it. */
export function BulkStatus({ bulk }: { bulk: Bulk }) {
  return (
    <>
      {bulk.running && <Going running={bulk.running} stop={bulk.stop} />}
      {bulk.outcome && <Left outcome={bulk.outcome} dismiss={bulk.dismiss} />}
    </>
  );
}

function Going({ running: { job, done, total, stopping }, stop }: { running: Running; stop: () => void }) {
  const text = stopping ? t('bulkStopping') : total === null ? t('bulkSelecting') : t('bulkProgress', { done: number(done), total: number(total) });
  return (
    <div className={classes.running} role="status">
      <span>{text}</span>
      <Progress value={total === null ? 100 : (done / Math.max(1, total)) * 100} animated={total === null} className={classes.bar ?? ''} aria-label={text} />
      <Button variant="default" onClick={stop} disabled={job === null || stopping}>
        {t('bulkStop')}
      </Button>
    </div>
  );
}

function Left({ outcome: { counts, left, failed }, dismiss }: { outcome: Outcome; dismiss: () => void }) {
  const open = counts.selected - counts.changed;
  return (
    <Alert role="alert" className={classes.refused ?? ''} title={t('bulkLeft', { count: open })} withCloseButton closeButtonLabel={common('close')} onClose={dismiss}>
      {failed && <p>{failed}</p>}
      <ul className={classes.list}>
        {left.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </Alert>
  );
}
