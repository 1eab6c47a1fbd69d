import { useState, type FormEvent } from 'react';
import { hasCode, Problem } from '@/lib/api/problem';
import { texts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/feedback';
import { NativeSelect, Select, TextInput } from '@/ui/inputs';
import { Group, Stack } from '@/ui/layout';
import classes from '../settings.module.css';
import { useAct } from '../shared/use-act';
import { changeOrganization, presentValues, SHOWN_IN, type OrganizationChanges, type OrganizationSettings } from './organization-api';

const t = texts('settings');
const common = texts('common');

const values = (kind: 'currency' | 'timeZone') => Intl.supportedValuesOf(kind);
/** The value that stands there is always among those to choose. */
const among = (all: string[], present: string) => (all.includes(present) ? all : [present, ...all]);

function currencies(present: string): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(navigator.language, { type: 'currency' });
  return among(values('currency'), present).map((code) => ({ value: code, label: `${code} – ${names.of(code) ?? code}` }));
}

function months(): { value: string; label: string }[] {
  const format = new Intl.DateTimeFormat(navigator.language, { month: 'long', timeZone: 'UTC' });
  return Array.from({ length: 12 }, (_, month) => ({ value: String(month + 1), label: format.format(Date.UTC(2024, month, 1)) }));
}

const faultOf = (error: unknown, member: string) => (error instanceof Problem ? error.faultOf(member) : undefined);

/** Name, currency, time zone, locale and fiscal year. Only what was touched is sent. */
export function OrganizationForm({ settings, readOnly }: { settings: OrganizationSettings; readOnly: boolean }) {
  const [touched, setTouched] = useState<OrganizationChanges>({});
  const act = useAct();
  const shown = { ...settings, ...touched };
  const set = (changes: OrganizationChanges) => setTouched((before) => ({ ...before, ...changes }));
  const changes = Object.fromEntries(
    Object.entries(touched).filter(([name, value]) => settings[name as keyof OrganizationSettings] !== value),
  ) as OrganizationChanges;
  const dirty = Object.keys(changes).length > 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!dirty) return;
    const before = presentValues(settings, changes);
    void act.run(
      {
        call: () => changeOrganization(changes),
        done: t('organizationChanged'),
        undo: () => changeOrganization(before),
        refresh: SHOWN_IN,
        after: () => setTouched({}),
      },
      { inPlace: true },
    );
  };
  const general = act.error && !hasCode(act.error, 'invalid_input');
  return (
    <form onSubmit={submit} className={classes.form}>
      <fieldset className={classes.fieldset} disabled={readOnly}>
        <Stack gap="md">
          {general && <ProblemNotice error={act.error} />}
          <TextInput label={t('name')} required value={shown.name ?? ''} error={faultOf(act.error, 'name')} onChange={(event) => set({ name: event.currentTarget.value })} />
          <Select label={t('currency')} description={t('currencyHint')} searchable allowDeselect={false} disabled={readOnly} data={currencies(settings.currency)} value={shown.currency} error={faultOf(act.error, 'currency')} onChange={(currency) => currency && set({ currency })} />
          <Select label={t('timeZone')} searchable allowDeselect={false} disabled={readOnly} limit={100} data={among(values('timeZone'), settings.time_zone)} value={shown.time_zone} error={faultOf(act.error, 'time_zone')} onChange={(zone) => zone && set({ time_zone: zone })} />
          <TextInput label={t('locale')} description={t('localeHint')} required value={shown.locale ?? ''} error={faultOf(act.error, 'locale')} onChange={(event) => set({ locale: event.currentTarget.value })} />
          <NativeSelect label={t('fiscalYearStart')} data={months()} value={String(shown.fiscal_year_start)} onChange={(event) => set({ fiscal_year_start: Number(event.currentTarget.value) })} />
          {!readOnly && (
            <Group gap="sm">
              <Button type="submit" disabled={!dirty} loading={act.busy}>
                {common('save')}
              </Button>
              {dirty && (
                <Button variant="default" onClick={() => setTouched({})}>
                  {common('discard')}
                </Button>
              )}
            </Group>
          )}
        </Stack>
      </fieldset>
    </form>
  );
}
