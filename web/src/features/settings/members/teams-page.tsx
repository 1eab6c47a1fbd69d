import { useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api, attempt } from '@/lib/api/client';
import { texts } from '@/lib/i18n';
import { useMay } from '@/lib/meta';
import { Button, ExplainedButton } from '@/ui/button';
import { EmptyState } from '@/ui/feedback';
import { Page, Section } from '@/ui/page';
import classes from '../settings.module.css';
import { OneField } from '../shared/one-field';
import { teamsQuery } from '../shared/queries';
import { useAct } from '../shared/use-act';
import { deleteTeam, restoreTeam, TEAMS_SHOWN_IN, type Team } from './team-api';
import { TeamRow } from './team-row';

const t = texts('settings');
const common = texts('common');

const createTeam = (name: string) => answer(api.POST('/api/v1/teams', { body: { name }, headers: attempt() }));

/** Teams: who sees each other's records where a role reaches the team. */
export function TeamsPage() {
  const { data: teams } = useSuspenseQuery(teamsQuery);
  const mayCreate = useMay('teams:create');
  const [making, setMaking] = useState(false);
  const present = teams.items.filter((team) => !team.deleted);
  const gone = teams.items.filter((team) => team.deleted);
  const create = (
    <ExplainedButton why={mayCreate ? undefined : t('notYourRole')} onClick={() => setMaking(true)}>
      {t('teamNew')}
    </ExplainedButton>
  );
  return (
    <Page title={t('teams')} narrow actions={!making && create}>
      <p className={classes.muted}>{t('teamsLong')}</p>
      {making && (
        <div className={classes.panel}>
          <OneField
            label={t('teamName')}
            value=""
            member="name"
            submit={common('create')}
            cancel={() => setMaking(false)}
            act={(name) => ({
              call: () => createTeam(name),
              done: t('teamCreated', { name }),
              undo: (made: Team) => deleteTeam(made.id),
              refresh: TEAMS_SHOWN_IN,
              after: () => setMaking(false),
            })}
          />
        </div>
      )}
      {present.length === 0 && !making && (
        <EmptyState kind="nothing" title={t('teamsNone')}>
          {t('teamsNoneAdvice')}
        </EmptyState>
      )}
      <ul className={classes.list}>
        {present.map((team) => (
          <TeamRow key={team.id} team={team} />
        ))}
      </ul>
      {gone.length > 0 && (
        <Section title={t('teamsGone')}>
          <ul className={classes.list}>
            {gone.map((team) => (
              <GoneTeam key={team.id} team={team} />
            ))}
          </ul>
        </Section>
      )}
    </Page>
  );
}

function GoneTeam({ team }: { team: Team }) {
  const mayRestore = useMay('teams:delete');
  const act = useAct();
  const restore = () =>
    void act.run({
      call: () => restoreTeam(team.id),
      done: t('teamRestored', { name: team.name }),
      undo: () => deleteTeam(team.id),
      refresh: TEAMS_SHOWN_IN,
    });
  return (
    <li className={classes.row}>
      <span className={classes.what}>{team.name}</span>
      {mayRestore && (
        <Button variant="default" loading={act.busy} onClick={restore} aria-label={t('restoreNamed', { name: team.name })}>
          {common('restore')}
        </Button>
      )}
    </li>
  );
}
