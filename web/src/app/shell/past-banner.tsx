import { IconClockHour4 } from '@tabler/icons-react';
import { useAsOf, useSetAsOf } from '@/lib/as-of';
import { moment } from '@/lib/format';
import { texts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import classes from './as-of.module.css';

const t = texts('shell');

/** Says that the past is shown, and that nothing of it can be changed. */
export function PastBanner() {
  const asOf = useAsOf();
  const setAsOf = useSetAsOf();
  if (!asOf) return null;
  return (
    <div role="status" className={classes.banner}>
      <IconClockHour4 size={18} aria-hidden />
      <span className={classes.grow}>{t('pastBanner', { moment: moment(asOf) })}</span>
      <Button variant="default" onClick={() => setAsOf(undefined)}>
        {t('backToNow')}
      </Button>
    </div>
  );
}
