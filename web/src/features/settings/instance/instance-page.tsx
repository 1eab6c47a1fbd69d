import { useSuspenseQuery } from '@tanstack/react-query';
import { textOf, texts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { Radio, Switch } from '@/ui/inputs';
import { Stack } from '@/ui/layout';
import { Page, Section } from '@/ui/page';
import classes from '../settings.module.css';
import { OneField } from '../shared/one-field';
import { instanceQuery } from '../shared/queries';
import { useAct } from '../shared/use-act';
import { addAdministrator, changeInstance, INSTANCE_SHOWN_IN, removeAdministrator, reopenOrganization, SIGN_UP_MODES, type Instance } from './instance-api';

const t = texts('settings');

/** What holds for all organizations on this machine. For its administrators. */
export function InstancePage() {
  const { data: instance } = useSuspenseQuery(instanceQuery);
  return (
    <Page title={t('instance')} narrow>
      <SignUpAndMaintenance instance={instance} />
      <Section title={t('administrators')} description={t('administratorsAbout')}>
        <Administrators instance={instance} />
      </Section>
      <Section title={t('reopen')} description={t('reopenAbout')}>
        <OneField
          label={t('reopenId')}
          value=""
          member="id"
          submit={t('reopenDo')}
          act={(id) => ({ call: () => reopenOrganization(id), done: t('reopened'), refresh: [] })}
        />
      </Section>
    </Page>
  );
}

function SignUpAndMaintenance({ instance }: { instance: Instance }) {
  const act = useAct();
  const signUp = (mode: string) =>
    void act.run({
      call: () => changeInstance({ sign_up: mode }),
      done: t('signUpChanged'),
      undo: () => changeInstance({ sign_up: instance.sign_up }),
      refresh: INSTANCE_SHOWN_IN,
    });
  const maintenance = (on: boolean) =>
    void act.run({
      call: () => changeInstance({ maintenance: on }),
      done: on ? t('maintenanceStarted') : t('maintenanceEnded'),
      undo: () => changeInstance({ maintenance: !on }),
      refresh: INSTANCE_SHOWN_IN,
    });
  return (
    <>
      <Section title={t('signUp')}>
        <Radio.Group label={t('signUp')} labelProps={{ className: 'visually-hidden' }} value={instance.sign_up} onChange={signUp}>
          <Stack gap="sm">
            {SIGN_UP_MODES.map((mode) => (
              <Radio key={mode} value={mode} label={textOf('settings', `signUp_${mode}`)} description={textOf('settings', `signUp_${mode}_about`)} disabled={act.busy} />
            ))}
          </Stack>
        </Radio.Group>
      </Section>
      <Section title={t('maintenance')} description={t('instanceMaintenanceAbout')}>
        <Switch label={t('instanceMaintenanceOn')} checked={instance.maintenance} disabled={act.busy} onChange={(event) => maintenance(event.currentTarget.checked)} />
      </Section>
    </>
  );
}

function Administrators({ instance }: { instance: Instance }) {
  const act = useAct();
  const remove = (user: string, email: string) =>
    void act.run({
      call: () => removeAdministrator(user),
      done: t('administratorRemoved', { email }),
      undo: () => addAdministrator(email),
      refresh: [...INSTANCE_SHOWN_IN, ['me']],
    });
  return (
    <>
      <ul className={classes.list}>
        {instance.administrators.map(({ user, email }) => (
          <li key={user} className={classes.row}>
            <span className={classes.what}>{email ?? t('memberNameless')}</span>
            <Button variant="default" disabled={act.busy} onClick={() => remove(user, email ?? '')} aria-label={t('administratorRemoveLabel', { email: email ?? '' })}>
              {t('administratorRemove')}
            </Button>
          </li>
        ))}
      </ul>
      <OneField
        label={t('administratorAdd')}
        value=""
        type="email"
        member="email"
        submit={t('administratorAddDo')}
        act={(email) => ({ call: () => addAdministrator(email), done: t('administratorAdded', { email }), refresh: INSTANCE_SHOWN_IN })}
      />
    </>
  );
}
