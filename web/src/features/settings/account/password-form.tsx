import { useState, type FormEvent } from 'react';
import { answer, api } from '@/lib/api/client';
import { Problem } from '@/lib/api/problem';
import { texts } from '@/lib/i18n';
import { useMe } from '@/lib/meta';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/feedback';
import { PasswordInput } from '@/ui/inputs';
import { Group, Stack } from '@/ui/layout';
import classes from '../settings.module.css';
import { useAct } from '../shared/use-act';

const t = texts('settings');

/** Another password, for who knows the present one. */
export function PasswordForm() {
  const me = useMe();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const act = useAct();
  const fault = (member: string) => (act.error instanceof Problem ? act.error.faultOf(member) : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void act.run(
      {
        call: () => answer(api.POST('/api/v1/auth/password/change', { body: { current_password: current, password: next } })),
        done: t('passwordChanged'),
        refresh: [['settings', 'sessions']],
        after: () => {
          setCurrent('');
          setNext('');
        },
      },
      { inPlace: true },
    );
  };
  return (
    <form onSubmit={submit} className={classes.form}>
      <Stack gap="md">
        {act.error && !fault('password') && !fault('current_password') && <ProblemNotice error={act.error} />}
        <input type="text" hidden readOnly autoComplete="username" value={me.email ?? ''} />
        <PasswordInput label={t('passwordNow')} autoComplete="current-password" value={current} error={fault('current_password')} onChange={(event) => setCurrent(event.currentTarget.value)} />
        <PasswordInput label={t('passwordNew')} description={t('passwordRule')} autoComplete="new-password" value={next} error={fault('password')} onChange={(event) => setNext(event.currentTarget.value)} />
        <Group>
          <Button type="submit" disabled={!current || !next} loading={act.busy}>
            {t('passwordChange')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
