import { IconClockHour4 } from '@tabler/icons-react';
import { useState } from 'react';
import { useAsOf, useSetAsOf } from '@/lib/as-of';
import { moment } from '@/lib/format';
import { texts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { TextInput } from '@/ui/inputs';
import { Stack } from '@/ui/layout';
import { Popover } from '@/ui/overlays';
import classes from './as-of.module.css';
import { inputValue, presets } from './moments';

const t = texts('shell');
const common = texts('common');

/** The one control of the moment that everything on the page shows. */
export function AsOf() {
  const asOf = useAsOf();
  const setAsOf = useSetAsOf();
  const [opened, setOpened] = useState(false);
  const [typed, setTyped] = useState('');
  const show = (at: Date | undefined) => {
    setAsOf(at?.toISOString());
    setOpened(false);
  };
  const now = new Date();
  const chosen = typed === '' ? null : new Date(typed);
  const valid = chosen !== null && !Number.isNaN(chosen.getTime()) && chosen < now;
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus returnFocus withRoles>
      <Popover.Target>
        <Button
          variant={asOf ? 'filled' : 'default'}
          leftSection={<IconClockHour4 size={16} aria-hidden />}
          className={asOf ? classes.past : classes.now}
          onClick={() => {
            setTyped(inputValue(asOf ? new Date(asOf) : now));
            setOpened((before) => !before);
          }}
        >
          <span className={classes.label}>{asOf ? moment(asOf) : t('asOfNow')}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm" component="form" onSubmit={(event) => { event.preventDefault(); if (valid) show(chosen); }}>
          <p className={classes.explanation}>{t('asOfExplanation')}</p>
          <div className={classes.presets}>
            {presets(now).map(({ key, at }) => (
              <Button key={key} variant="default" onClick={() => show(at)}>
                {t(key)}
              </Button>
            ))}
          </div>
          <TextInput type="datetime-local" label={t('asOfMoment')} max={inputValue(now)} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} error={typed !== '' && !valid ? t('asOfPastOnly') : undefined} />
          <Button type="submit" disabled={!valid}>
            {common('apply')}
          </Button>
          {asOf && (
            <Button variant="subtle" onClick={() => show(undefined)}>
              {t('backToNow')}
            </Button>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
