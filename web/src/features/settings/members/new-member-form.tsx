import { useState, type FormEvent } from 'react';
import type { components } from '@/api/schema';
import { Problem } from '@/lib/api/problem';
import { texts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/feedback';
import { TextInput } from '@/ui/inputs';
import { Group, Stack } from '@/ui/layout';
import classes from '../settings.module.css';
import { TEAMS_SHOWN_IN } from './team-api';
import { useAct } from '../shared/use-act';
import { createMember, SHOWN_IN } from './member-api';
import { NO_SEAT, SeatFields } from './seat-fields';

const t = texts('settings');
const common = texts('common');

/** Somebody who has no address to be invited by: they log in by a username. */
export function NewMemberForm({ made, cancel }: { made: (member: components['schemas']['MadeMember']) => void; cancel: () => void }) {
  const [name, setName] = useState('');
  const [username, setUsername] = useState('');
  const [seat, setSeat] = useState(NO_SEAT);
  const act = useAct();
  const fault = (member: string) => (act.error instanceof Problem ? act.error.faultOf(member) : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void act.run(
      {
        call: () => createMember({ display_name: name.trim(), username: username.trim(), profile: 'staff', roles: seat.roles, ...(seat.team ? { team: seat.team } : {}) }),
        refresh: [...SHOWN_IN, ...TEAMS_SHOWN_IN],
        after: made,
      },
      { inPlace: true },
    );
  };
  return (
    <form onSubmit={submit} className={classes.panel}>
      <Stack gap="md">
        <span>{t('memberNewAbout')}</span>
        {act.error && <ProblemNotice error={act.error} />}
        <TextInput label={t('name')} required autoFocus autoComplete="off" value={name} error={fault('display_name')} onChange={(event) => setName(event.currentTarget.value)} />
        <TextInput label={t('username')} required autoComplete="off" value={username} error={fault('username')} onChange={(event) => setUsername(event.currentTarget.value)} />
        <SeatFields seat={seat} set={setSeat} error={fault('roles')} />
        <Group gap="sm">
          <Button type="submit" disabled={!name.trim() || !username.trim()} loading={act.busy}>
            {t('memberCreate')}
          </Button>
          <Button variant="default" onClick={cancel}>
            {common('cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
