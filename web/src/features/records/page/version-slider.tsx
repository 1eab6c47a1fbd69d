import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useShortcuts } from '@/lib/hotkeys';
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
  const stands = dragged ?? record.version;
  const show = (version: number) => {
    setDragged(null);
    void navigate({
      to: '.',
      replace: true,
      search: (before: Record<string, unknown>) => ({ ...before, version: version === newest ? undefined : version }),
    });
  };
  useShortcuts([
    ...(stands > 1 ? [{ keys: '[', label: t('earlier'), run: () => show(stands - 1) }] : []),
    ...(stands < newest ? [{ keys: ']', label: t('later'), run: () => show(stands + 1) }] : []),
  ]);
  const words = (version: number) => (version === newest ? t('versionNow', { version }) : t('versionOf', { version, newest }));
  if (newest < 2) return null;
  return (
    <div className={classes.slider}>
      <div className={classes.line}>
        <IconButton label={t('earlier')} shortcut="[" disabled={stands <= 1} onClick={() => show(stands - 1)}>
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
          thumbLabel={t('slider')}
          thumbProps={{ 'aria-valuetext': words(stands) }}
        />
        <IconButton label={t('later')} shortcut="]" disabled={stands >= newest} onClick={() => show(stands + 1)}>
          <IconChevronRight size={16} aria-hidden />
        </IconButton>
      </div>
      <p className={classes.stands} aria-live="polite">
        {words(stands)}
      </p>
    </div>
  );
}
