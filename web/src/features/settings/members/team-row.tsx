import { useState } from 'react';
import { texts } from '@/lib/i18n';
import { useMay, useMeta } from '@/lib/meta';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/feedback';
import { MultiSelect } from '@/ui/inputs';
import { Group, Stack } from '@/ui/layout';
import classes from '../settings.module.css';
import { OneField } from '../shared/one-field';
import { useAct } from '../shared/use-act';
import { deleteTeam, renameTeam, restoreTeam, setTeamMembers, TEAMS_SHOWN_IN, type Team } from './team-api';

const t = texts('settings');
const common = texts('common');

/** A team: its name, who is in it, and what can be done with it. */
export function TeamRow({ team }: { team: Team }) {
  const [open, setOpen] = useState<'name' | 'members' | null>(null);
  const { members } = useMeta();
  const mayChange = useMay('teams:update');
  const mayDelete = useMay('teams:delete');
  const act = useAct();
  const names = team.members.map((id) => members.find((member) => member.id === id)?.display_name ?? t('memberNameless'));
  const remove = () =>
    void act.run({
      call: () => deleteTeam(team.id),
      done: t('teamDeleted', { name: team.name }),
      undo: () => restoreTeam(team.id),
      refresh: TEAMS_SHOWN_IN,
    });
  if (open === 'name') {
    return (
      <li className={classes.row}>
        <OneField
          label={t('teamName')}
          value={team.name}
          member="name"
          cancel={() => setOpen(null)}
          act={(name) => ({
            call: () => renameTeam(team.id, name),
            done: t('renamedTo', { name }),
            undo: () => renameTeam(team.id, team.name),
            refresh: TEAMS_SHOWN_IN,
            after: () => setOpen(null),
          })}
        />
      </li>
    );
  }
  return (
    <li className={classes.row}>
      <div className={classes.what}>
        <div className={classes.name}>{team.name}</div>
        {open === 'members' ? (
          <TeamMembers team={team} close={() => setOpen(null)} />
        ) : (
          <div className={classes.muted}>{names.join(', ') || t('teamEmpty')}</div>
        )}
      </div>
      {open === null && (
        <Group gap="sm">
          {mayChange && (
            <>
              <Button variant="default" onClick={() => setOpen('members')} aria-label={t('teamMembersOf', { name: team.name })}>
                {t('teamMembers')}
              </Button>
              <Button variant="default" onClick={() => setOpen('name')} aria-label={t('renameNamed', { name: team.name })}>
                {common('rename')}
              </Button>
            </>
          )}
          {mayDelete && (
            <Button variant="default" loading={act.busy} onClick={remove} aria-label={t('deleteNamed', { name: team.name })}>
              {common('delete')}
            </Button>
          )}
        </Group>
      )}
    </li>
  );
}

function TeamMembers({ team, close }: { team: Team; close: () => void }) {
  const { members } = useMeta();
  const [chosen, setChosen] = useState(team.members);
  const act = useAct();
  const save = () =>
    void act.run(
      {
        call: () => setTeamMembers(team.id, chosen),
        done: t('teamMembersChanged', { name: team.name }),
        undo: () => setTeamMembers(team.id, team.members),
        refresh: TEAMS_SHOWN_IN,
        after: close,
      },
      { inPlace: true },
    );
  return (
    <Stack gap="sm" mt="sm">
      {act.error && <ProblemNotice error={act.error} />}
      <MultiSelect
        label={t('teamMembersOf', { name: team.name })}
        searchable
        autoFocus
        data={members.map((member) => ({ value: member.id, label: member.display_name || t('memberNameless') }))}
        value={chosen}
        onChange={setChosen}
      />
      <Group gap="sm">
        <Button loading={act.busy} onClick={save}>
          {common('save')}
        </Button>
        <Button variant="default" onClick={close}>
          {common('cancel')}
        </Button>
      </Group>
    </Stack>
  );
}
