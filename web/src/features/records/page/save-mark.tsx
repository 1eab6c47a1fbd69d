import { IconCheck } from '@tabler/icons-react';
import { texts } from '@/lib/i18n';
import { Loader } from '@/ui/feedback';
import classes from './record.module.css';
import type { Slot } from './saving';

const common = texts('common');

/** Beside a value: that it is being saved, then that it is. */
export function SaveMark({ slot }: { slot: Slot | undefined }) {
  return (
    <span role="status" className={classes.mark}>
      {slot?.state === 'pending' && (
        <>
          <Loader size={12} aria-hidden /> {common('saving')}
        </>
      )}
      {slot?.state === 'saved' && (
        <span className={classes.saved}>
          <IconCheck size={14} aria-hidden /> {common('saved')}
        </span>
      )}
    </span>
  );
}
