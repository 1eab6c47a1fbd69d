import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { texts } from '@/lib/i18n';
import { IconButton } from '@/ui/button';
import { Slider } from '@/ui/inputs';
import { useScene } from './context';
import classes from './version.module.css';

const t = texts('record');

/** Moves through the versions of the record, by pointer and by keys; the page shows the one that it stands on. */
export function VersionSlider() {
  const { record, present } = useScene();
  const navigate = useNavigate();
  /** Where the handle is while it is dragged. */
  const [dragged, setDragged] = useState<number | null>(null);
  const newest = present?.version ?? record.version;
  if (newest < 2) return null;
  const stands = dragged ?? record.version;
  const show = (version: number) => {
    setDragged(null);
    void navigate({
      to: '.',
      replace: true,
      search: (before: Record<string, unknown>) => ({ ...before, version: version === newest ? undefined : version }),
    });
  };
  const words = (version: number) => (version === newest ? t('versionNow', { version }) : t('versionOf', { version, newest }));
  return (
    <div className={classes.slider}>
      <div className={classes.line}>
        <IconButton label={t('earlier')} disabled={stands <= 1} onClick={() => show(stands - 1)}>
          <IconChevronLeft size={16} aria-hidden />
        </IconButton>
        <Slider
          className={classes.track ?? ''}
          min={1}
          max={newest}
          step={1}
          value={stands}
          onChange={setDragged}
          onChangeEnd={show}
          label={null}
          thumbProps={{ 'aria-label': t('slider'), 'aria-valuetext': words(stands) }}
        />
        <IconButton label={t('later')} disabled={stands >= newest} onClick={() => show(stands + 1)}>
          <IconChevronRight size={16} aria-hidden />
        </IconButton>
      </div>
      <p className={classes.stands} aria-live="polite">
        {words(stands)}
      </p>
    </div>
  );
}
