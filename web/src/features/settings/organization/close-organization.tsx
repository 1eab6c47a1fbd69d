import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { answer, api, attempt } from '@/lib/api/client';
import { session } from '@/lib/api/session';
import { texts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/feedback';
import { TextInput } from '@/ui/inputs';
import { Group, Stack } from '@/ui/layout';
import { Section } from '@/ui/page';
import classes from '../settings.module.css';
import { useAct } from '../shared/use-act';
import type { OrganizationSettings } from './organization-api';

const t = texts('settings');
const common = texts('common');

/** Ends the organization. Nobody in it can take that back, so its name has to be typed. */
export function CloseOrganization({ settings }: { settings: OrganizationSettings }) {
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const navigate = useNavigate();
  const act = useAct();
  const name = settings.name ?? '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void act.run(
      {
        call: () => answer(api.POST('/api/v1/organization/close', { body: { name: typed }, headers: attempt() })),
        refresh: [],
        after: () => {
          session.closed();
          void navigate({ to: '/login' });
        },
      },
      { inPlace: true },
    );
  };
  return (
    <Section title={t('closeOrganization')} description={t('closeAbout')}>
      {open ? (
        <form onSubmit={submit} className={classes.form}>
          <Stack gap="md">
            {act.error && <ProblemNotice error={act.error} />}
            <TextInput label={t('typeName', { name })} autoFocus autoComplete="off" value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
            <Group gap="sm">
              <Button type="submit" color="red.9" disabled={typed !== name} loading={act.busy}>
                {t('closeNamed', { name })}
              </Button>
              <Button variant="default" onClick={() => setOpen(false)}>
                {common('cancel')}
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <Button variant="default" className={classes.danger ?? ''} onClick={() => setOpen(true)}>
          {t('closeOrganization')}…
        </Button>
      )}
    </Section>
  );
}
