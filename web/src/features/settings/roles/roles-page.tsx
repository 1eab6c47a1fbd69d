import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { sameMoment } from '@/lib/as-of';
import { texts } from '@/lib/i18n';
import { useMay } from '@/lib/meta';
import type { Role } from '@/lib/rights/types';
import { Button, ExplainedButton } from '@/ui/button';
import { Tag } from '@/ui/feedback';
import { Group } from '@/ui/layout';
import { Page, Section } from '@/ui/page';
import classes from '../settings.module.css';
import { rolesQuery } from '../shared/queries';
import { useAct } from '../shared/use-act';
import { NewRoleForm } from './new-role-form';
import { deleteRole, restoreRole, ROLES_SHOWN_IN } from './role-api';

const t = texts('settings');
const common = texts('common');

/** The roles of the organization. */
export function RolesPage() {
  const { data: roles } = useSuspenseQuery(rolesQuery);
  const mayCreate = useMay('roles:create');
  const [copied, setCopied] = useState<string | null>(null);
  const present = roles.items.filter((role) => !role.deleted);
  const gone = roles.items.filter((role) => role.deleted);
  const create = (
    <ExplainedButton why={mayCreate ? undefined : t('notYourRole')} onClick={() => setCopied('')}>
      {t('roleNew')}
    </ExplainedButton>
  );
  return (
    <Page title={t('roles')} narrow actions={copied === null && create}>
      <p className={classes.muted}>{t('rolesLong')}</p>
      {copied !== null && <NewRoleForm roles={present} copyOf={copied} close={() => setCopied(null)} />}
      <ul className={classes.list}>
        {present.map((role) => (
          <RoleRow key={role.id} role={role} copy={mayCreate ? () => setCopied(role.id) : undefined} />
        ))}
      </ul>
      {gone.length > 0 && (
        <Section title={t('rolesGone')} description={t('rolesGoneAbout')}>
          <ul className={classes.list}>
            {gone.map((role) => (
              <GoneRole key={role.id} role={role} />
            ))}
          </ul>
        </Section>
      )}
    </Page>
  );
}

function RoleRow({ role, copy }: { role: Role; copy: (() => void) | undefined }) {
  const act = useAct();
  const mayDelete = useMay('roles:delete');
  const remove = () =>
    void act.run({
      call: () => deleteRole(role.id),
      done: t('roleDeleted', { name: role.name }),
      undo: () => restoreRole(role.id),
      refresh: ROLES_SHOWN_IN,
    });
  return (
    <li className={classes.row}>
      <div className={classes.what}>
        <div className={classes.name}>
          <Link to="/settings/roles/$role" params={{ role: role.id }} search={sameMoment} className={classes.link2 ?? ''}>
            {role.name}
          </Link>
          {role.builtin && <Tag>{t('builtIn')}</Tag>}
        </div>
        <div className={classes.muted}>{role.description}</div>
      </div>
      <Group gap="sm">
        {copy && (
          <Button variant="default" onClick={copy} aria-label={t('copyNamed', { name: role.name })}>
            {common('copy')}
          </Button>
        )}
        {mayDelete && !role.builtin && (
          <ExplainedButton variant="default" loading={act.busy} why={role.allowed.delete ? undefined : t('roleWider')} onClick={remove} aria-label={t('deleteNamed', { name: role.name })}>
            {common('delete')}
          </ExplainedButton>
        )}
      </Group>
    </li>
  );
}

function GoneRole({ role }: { role: Role }) {
  const act = useAct();
  const mayRestore = useMay('roles:delete');
  const restore = () =>
    void act.run({
      call: () => restoreRole(role.id),
      done: t('roleRestored', { name: role.name }),
      undo: () => deleteRole(role.id),
      refresh: ROLES_SHOWN_IN,
    });
  return (
    <li className={classes.row}>
      <span className={classes.what}>{role.name}</span>
      {mayRestore && (
        <Button variant="default" loading={act.busy} onClick={restore} aria-label={t('restoreNamed', { name: role.name })}>
          {common('restore')}
        </Button>
      )}
    </li>
  );
}
