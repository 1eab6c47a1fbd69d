import { type QueryKey } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { answer, api, attempt } from '@/lib/api/client';
import { Problem } from '@/lib/api/problem';
import { texts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/feedback';
import { TextInput } from '@/ui/inputs';
import { Group, Stack } from '@/ui/layout';
import classes from '../settings.module.css';
import { useAct } from '../shared/use-act';
import { NO_SEAT, SeatFields } from './seat-fields';

const t = texts('settings');
const common = texts('common');

/** Whom to invite, and as what. */
export function InviteForm({ shownIn, close }: { shownIn: QueryKey[]; close: () => void }) {
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [seat, setSeat] = useState(NO_SEAT);
  const act = useAct();
  const fault = (member: string) => (act.error instanceof Problem ? act.error.faultOf(member) : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = {
      email: email.trim(),
      profile: 'staff',
      roles: seat.roles,
      ...(name.trim() ? { display_name: name.trim() } : {}),
      ...(seat.team ? { team: seat.team } : {}),
    };
    void act.run(
      {
        call: () => answer(api.POST('/api/v1/invitations', { body, headers: attempt() })),
        done: t('invited', { email: body.email }),
        refresh: shownIn,
        after: close,
      },
      { inPlace: true },
    );
  };
  return (
    <form onSubmit={submit} className={classes.panel}>
      <Stack gap="md">
        <span>{t('inviteAbout')}</span>
        {act.error && <ProblemNotice error={act.error} />}
        <TextInput label={t('inviteEmail')} type="email" required autoFocus autoComplete="off" value={email} error={fault('email')} onChange={(event) => setEmail(event.currentTarget.value)} />
        <TextInput label={t('inviteName')} description={t('inviteNameHint')} autoComplete="off" value={name} error={fault('display_name')} onChange={(event) => setName(event.currentTarget.value)} />
        <SeatFields seat={seat} set={setSeat} error={fault('roles')} />
        <Group gap="sm">
          <Button type="submit" disabled={!email.trim()} loading={act.busy}>
            {t('inviteSend')}
          </Button>
          <Button variant="default" onClick={close}>
            {common('cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
