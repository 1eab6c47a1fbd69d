import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api, attempt, receipt } from '@/lib/api/client';
import { hasCode, Problem } from '@/lib/api/problem';
import { texts } from '@/lib/i18n';
import { AuthProblem } from '@/features/auth/auth-problem';
import { Button } from '@/ui/button';
import { Alert } from '@/ui/feedback';
import { Group, Stack } from '@/ui/layout';
import { Page, Section } from '@/ui/page';
import { toast } from '@/ui/toast';
import { changesOf, conflictsOf, type Detail, DETAILS, shownDetails, textOf } from './details';
import { DetailField } from './detail-field';
import classes from './portal.module.css';
import { type PortalMe, portalQuery } from './queries';

const t = texts('portal');
const common = texts('common');

/** One's own details. What may not be changed here is shown, with whom to ask. */
export function DetailsPage({ mine }: { mine: PortalMe }) {
  const client = useQueryClient();
  const [typed, setTyped] = useState<Partial<Record<Detail, string>>>({});
  // What stood there when one began to type. Others may change it meanwhile.
  const [seen, setSeen] = useState(mine);
  const [conflicts, setConflicts] = useState<readonly Detail[]>([]);
  const changes = changesOf(seen.details, typed);
  const dirty = Object.keys(changes).length > 0;

  const adopt = (now: PortalMe) => {
    client.setQueryData(portalQuery.queryKey, now);
    setSeen(now);
  };
  const save = useMutation({
    mutationFn: () => receipt(api.PATCH('/api/v1/portal/me', { params: { header: { ...attempt(), 'If-Match': `"${seen.version}"` } }, body: changes })),
    onSuccess: ({ body }) => {
      adopt(body);
      setTyped({});
      setConflicts([]);
      toast.done(t('saved'));
    },
    onError: async (error) => {
      if (!hasCode(error, 'version_conflict')) return;
      const now = await client.fetchQuery({ ...portalQuery, staleTime: 0 });
      setConflicts(conflictsOf(seen.details, now.details, typed));
      adopt(now);
    },
  });
  const change = (name: Detail, value: string) => {
    // Whoever has typed nothing yet sees what stands there now.
    if (Object.keys(typed).length === 0) setSeen(mine);
    setTyped((before) => ({ ...before, [name]: value }));
  };
  const discard = () => {
    setTyped({});
    setConflicts([]);
    save.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (dirty && !save.isPending) save.mutate();
  };

  const shown = Object.keys(typed).length === 0 ? mine : seen;
  const editable = DETAILS.filter((name) => mine.editable.includes(name));
  const fixed = shownDetails(mine.details).filter(({ name }) => !mine.editable.includes(name));
  const conflict = hasCode(save.error, 'version_conflict');
  return (
    <Page title={t('details')} narrow>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          {conflict && <Alert role="alert" className={classes.conflict ?? ''}>{conflicts.length > 0 ? t('conflict') : t('changedMeanwhile')}</Alert>}
          {save.isError && !conflict && <AuthProblem error={save.error} atFields={editable} />}
          <div className={classes.fields}>
            {editable.map((name) => (
              <DetailField
                key={name}
                name={name}
                value={typed[name] ?? shown.details[name] ?? ''}
                hint={conflicts.includes(name) ? t('nowStands', { value: textOf(name, seen.details[name]) || common('none') }) : undefined}
                fault={save.error instanceof Problem ? save.error.faultOf(name) : undefined}
                change={(value) => change(name, value)}
              />
            ))}
          </div>
          <Group gap="sm" className={classes.actions ?? ''}>
            <Button type="submit" disabled={!dirty} loading={save.isPending}>
              {common('save')}
            </Button>
            {dirty && (
              <Button variant="default" onClick={discard}>
                {common('discard')}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
      {fixed.length > 0 && (
        <Section title={t('fixed')} description={t('fixedWhy', { person: mine.contact_person ?? mine.organization.name ?? '' })}>
          <dl className={classes.details}>
            {fixed.map(({ name, label, text }) => (
              <div key={name}>
                <dt>{label}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </Section>
      )}
    </Page>
  );
}
