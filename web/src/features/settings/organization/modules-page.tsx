import { useSuspenseQuery } from '@tanstack/react-query';
import { textOf, texts } from '@/lib/i18n';
import { useMay } from '@/lib/meta';
import { Alert } from '@/ui/feedback';
import { Switch } from '@/ui/inputs';
import { Stack } from '@/ui/layout';
import { Page, Section } from '@/ui/page';
import classes from '../settings.module.css';
import { organizationQuery } from '../shared/queries';
import { useAct } from '../shared/use-act';
import { changeOrganization, presentValues, SHOWN_IN, type OrganizationChanges } from './organization-api';
import { Registration } from './registration';

const t = texts('settings');

const nameOf = (module: string) => textOf('settings', `module_${module}`) ?? module;

/** What the organization does without, who may enter, and who may register. Each takes effect at once. */
export function ModulesPage() {
  const { data: settings } = useSuspenseQuery(organizationQuery);
  const mayChange = useMay('organization:update');
  const act = useAct();
  const change = (changes: OrganizationChanges, done: string) => {
    const before = presentValues(settings, changes);
    void act.run({ call: () => changeOrganization(changes), done, undo: () => changeOrganization(before), refresh: SHOWN_IN });
  };
  const turn = (module: string, on: boolean) => {
    const modules = settings.all_modules.filter((each) => (each === module ? on : settings.modules.includes(each)));
    change({ modules }, on ? t('moduleOn', { module: nameOf(module) }) : t('moduleOff', { module: nameOf(module) }));
  };
  const locked = !mayChange || act.busy;
  return (
    <Page title={t('modules')} narrow>
      {!mayChange && <Alert>{t('organizationReadOnly')}</Alert>}
      <Section title={t('modulesTitle')} description={t('modulesWhatOff')}>
        <Stack gap="sm" className={classes.form ?? ''}>
          {settings.all_modules.map((module) => (
            <Switch key={module} label={nameOf(module)} description={textOf('settings', `module_${module}_about`)} checked={settings.modules.includes(module)} disabled={locked} onChange={(event) => turn(module, event.currentTarget.checked)} />
          ))}
        </Stack>
      </Section>
      <Section title={t('maintenance')} description={t('maintenanceAbout')}>
        <Switch label={t('maintenanceOn')} checked={settings.maintenance} disabled={locked} onChange={(event) => change({ maintenance: event.currentTarget.checked }, event.currentTarget.checked ? t('maintenanceStarted') : t('maintenanceEnded'))} />
      </Section>
      <Section title={t('registration')} description={t('registrationAbout')}>
        <Switch label={t('registrationOn')} checked={settings.self_registration} disabled={locked} onChange={(event) => change({ self_registration: event.currentTarget.checked }, event.currentTarget.checked ? t('registrationOpened') : t('registrationClosed'))} />
        {settings.self_registration && settings.registration_key && <Registration registrationKey={settings.registration_key} mayChange={mayChange} />}
      </Section>
    </Page>
  );
}
