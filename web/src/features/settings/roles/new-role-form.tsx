import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { Problem } from '@/lib/api/problem';
import { texts } from '@/lib/i18n';
import type { Role } from '@/lib/rights/types';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/feedback';
import { NativeSelect, TextInput } from '@/ui/inputs';
import { Group, Stack } from '@/ui/layout';
import classes from '../settings.module.css';
import { useAct } from '../shared/use-act';
import { createRole, deleteRole, ROLES_SHOWN_IN } from './role-api';

const t = texts('settings');
const common = texts('common');

/** A role to be made, with what another grants or with nothing. */
export function NewRoleForm({ roles, copyOf, close }: { roles: Role[]; copyOf: string; close: () => void }) {
  const first = roles.find((role) => role.id === copyOf);
  const [name, setName] = useState(first ? t('copyOfName', { name: first.name }) : '');
  const [source, setSource] = useState(copyOf);
  const navigate = useNavigate();
  const act = useAct();
  const fault = act.error instanceof Problem ? act.error.faultOf('name') : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const from = roles.find((role) => role.id === source);
    void act.run(
      {
        call: () => createRole({ name: name.trim(), permissions: from?.permissions ?? {}, ...(from ? { fields: from.fields } : {}) }),
        done: t('roleCreated', { name: name.trim() }),
        undo: (made) => deleteRole(made.id),
        refresh: ROLES_SHOWN_IN,
        after: (made) => void navigate({ to: '/settings/roles/$role', params: { role: made.id } }),
      },
      { inPlace: true },
    );
  };
  return (
    <form onSubmit={submit} className={classes.panel}>
      <Stack gap="md">
        {act.error && !fault && <ProblemNotice error={act.error} />}
        <Group gap="md" align="flex-end">
          <TextInput label={t('roleName')} required autoFocus value={name} error={fault} onChange={(event) => setName(event.currentTarget.value)} />
          <NativeSelect label={t('roleCopyOf')} value={source} onChange={(event) => setSource(event.currentTarget.value)} data={[{ value: '', label: t('roleCopyNone') }, ...roles.map((role) => ({ value: role.id, label: role.name }))]} />
        </Group>
        <Group gap="sm">
          <Button type="submit" disabled={!name.trim()} loading={act.busy}>
            {t('roleCreate')}
          </Button>
          <Button variant="default" onClick={close}>
            {common('cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
