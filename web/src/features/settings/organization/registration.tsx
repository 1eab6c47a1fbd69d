import { useState } from 'react';
import { answer, api, attempt } from '@/lib/api/client';
import { texts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { CopyField } from '@/ui/copy';
import { Group, Stack } from '@/ui/layout';
import classes from '../settings.module.css';
import { useAct } from '../shared/use-act';
import { SHOWN_IN } from './organization-api';

const t = texts('settings');
const common = texts('common');

/** The address that clients register at. Replacing it cannot be undone: links that are out there die. */
export function Registration({ registrationKey, mayChange }: { registrationKey: string; mayChange: boolean }) {
  const [asking, setAsking] = useState(false);
  const act = useAct();
  const replace = () =>
    void act.run({
      call: () => answer(api.POST('/api/v1/organization/registration_key', { body: {}, headers: attempt() })),
      done: t('registrationKeyReplaced'),
      refresh: SHOWN_IN,
      after: () => setAsking(false),
    });
  return (
    <Stack gap="md" mt="md" className={classes.form ?? ''}>
      <CopyField label={t('registrationLink')} value={`${location.origin}/register/${registrationKey}`} />
      <CopyField label={t('registrationKey')} value={registrationKey} />
      {mayChange && !asking && (
        <Group>
          <Button variant="default" onClick={() => setAsking(true)}>
            {t('replaceKey')}…
          </Button>
        </Group>
      )}
      {asking && (
        <div className={classes.panel} role="group" aria-label={t('replaceKey')}>
          <p>{t('replaceKeyWarning')}</p>
          <Group gap="sm">
            <Button color="red.9" loading={act.busy} onClick={replace}>
              {t('replaceKey')}
            </Button>
            <Button variant="default" onClick={() => setAsking(false)}>
              {common('cancel')}
            </Button>
          </Group>
        </div>
      )}
    </Stack>
  );
}
