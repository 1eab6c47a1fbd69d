import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, notFound, useBlocker, useParams } from '@tanstack/react-router';
import { sameMoment } from '@/lib/as-of';
import { texts } from '@/lib/i18n';
import { catalogueQuery } from '@/lib/rights/catalogue';
import { granting, restricting } from '@/lib/rights/diff';
import type { Role } from '@/lib/rights/types';
import { viewAs } from '@/lib/view-as';
import { Button } from '@/ui/button';
import { Alert, Tag } from '@/ui/feedback';
import { Textarea, TextInput } from '@/ui/inputs';
import { Stack } from '@/ui/layout';
import { Page, Section } from '@/ui/page';
import classes from '../settings.module.css';
import { rolesQuery } from '../shared/queries';
import { useDraft } from './drafts';
import { FieldRights } from './field-rights';
import { OtherRights, RecordRights } from './matrix';
import { isDirty, draftOf } from './role-api';
import { RoleChanges } from './role-changes';

const t = texts('settings');

export function RolePage() {
  const { role: id } = useParams({ from: '/staff/settings/roles/$role' });
  const { data: roles } = useSuspenseQuery(rolesQuery);
  const role = roles.items.find((each) => each.id === id);
  if (!role) throw notFound();
  return <RoleEditor key={id} role={role} />;
}

function whyNot(role: Role): string | undefined {
  if (role.builtin === 'owner') return t('roleOwnerFixed');
  if (role.deleted) return t('roleDeletedFixed');
  return role.allowed.edit ? undefined : t('roleWiderEdit');
}

/** What a role grants and which fields it restricts: changed here, compared, and saved in one go. */
function RoleEditor({ role }: { role: Role }) {
  const { data: catalogue } = useSuspenseQuery(catalogueQuery);
  const { base, draft, change, rebase, reset } = useDraft(role);
  const fixed = whyNot(role);
  const readOnly = fixed !== undefined;
  const shown = readOnly ? draftOf(role) : draft;
  const dirty = !readOnly && isDirty(draftOf(base), draft);
  // Within the app a draft is kept; closing the tab would lose it.
  useBlocker({ shouldBlockFn: () => false, enableBeforeUnload: dirty });
  return (
    <Page title={role.name} actions={!role.deleted && <Button variant="default" onClick={() => viewAs.start(role)}>{t('viewAs')}</Button>}>
      <div className={classes.facts}>
        {role.builtin && <Tag>{t('builtIn')}</Tag>}
        <Link to="/settings/roles" search={sameMoment} className={classes.link2 ?? ''}>
          {t('rolesAll')}
        </Link>
      </div>
      {fixed && <Alert mt="md">{fixed}</Alert>}
      {!readOnly && (
        <Stack gap="md" className={classes.form ?? ''}>
          <TextInput label={t('roleName')} required value={shown.name} onChange={(event) => change({ ...draft, name: event.currentTarget.value })} />
          <Textarea label={t('roleDescription')} rows={2} value={shown.description} onChange={(event) => change({ ...draft, description: event.currentTarget.value })} />
        </Stack>
      )}
      <Section title={t('rightsRecordsTitle')} description={t('rightsRecordsAbout')}>
        <RecordRights catalogue={catalogue} grants={shown.permissions} before={base.permissions} readOnly={readOnly} set={(name, reach) => change({ ...draft, permissions: granting(draft.permissions, name, reach) })} />
      </Section>
      <Section title={t('rightsOther')}>
        <OtherRights catalogue={catalogue} grants={shown.permissions} before={base.permissions} readOnly={readOnly} set={(name, reach) => change({ ...draft, permissions: granting(draft.permissions, name, reach) })} />
      </Section>
      <Section title={t('rightsFields')} description={t('rightsFieldsAbout')}>
        <FieldRights fields={shown.fields} readOnly={readOnly} set={(type, field, access) => change({ ...draft, fields: restricting(draft.fields, type, field, access) })} />
      </Section>
      {dirty && <RoleChanges base={base} draft={draft} now={role} catalogue={catalogue} rebase={rebase} reset={reset} />}
    </Page>
  );
}
