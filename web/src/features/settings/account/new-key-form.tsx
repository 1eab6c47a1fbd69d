import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import type { components } from '@/api/schema';
import { answer, api } from '@/lib/api/client';
import { Problem } from '@/lib/api/problem';
import { texts } from '@/lib/i18n';
import { useMay, useMe } from '@/lib/meta';
import { catalogueQuery, permissionLabel } from '@/lib/rights/catalogue';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/feedback';
import { Checkbox, Fieldset, TextInput } from '@/ui/inputs';
import { Group, Stack } from '@/ui/layout';
import classes from '../settings.module.css';
import { useAct } from '../shared/use-act';

const t = texts('settings');
const common = texts('common');
/** How long a key is good if nobody says otherwise, in days. */
const USUAL_DAYS = 90;

const usualEnd = () => new Date(Date.now() + USUAL_DAYS * 86_400_000).toISOString().slice(0, 10);

/** The permissions that the caller can pass on, by thing. */
function useScopes(): { resource: string; scopes: { name: string; action: string }[] }[] {
  const me = useMe();
  const { data: catalogue } = useQuery({ ...catalogueQuery, enabled: useMay('roles:read') });
  const groups = new Map<string, { name: string; action: string }[]>();
  const known = catalogue?.resources.flatMap((resource) => resource.permissions.map((permission) => permission.name));
  const held = known?.filter((name) => name in me.permissions) ?? Object.keys(me.permissions);
  for (const name of held) {
    const { resource, action } = permissionLabel(catalogue, name);
    groups.set(resource, [...(groups.get(resource) ?? []), { name, action }]);
  }
  return [...groups].map(([resource, scopes]) => ({ resource, scopes }));
}

/** A key to be made: its name, how long it is good, what it may do. */
export function NewKeyForm({ made, cancel }: { made: (key: components['schemas']['MadeApiKey']) => void; cancel: () => void }) {
  const [name, setName] = useState('');
  const [end, setEnd] = useState(usualEnd);
  const [scopes, setScopes] = useState<string[]>([]);
  const groups = useScopes();
  const act = useAct();
  const fault = (member: string) => (act.error instanceof Problem ? act.error.faultOf(member) : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void act.run(
      {
        // Good through the whole of its last day, where its maker is.
        call: () => answer(api.POST('/api/v1/api_keys', { body: { name: name.trim(), scopes, expires_at: new Date(`${end}T23:59:59`).toISOString() } })),
        refresh: [['settings', 'api_keys']],
        after: made,
      },
      { inPlace: true },
    );
  };
  return (
    <form onSubmit={submit} className={classes.panel}>
      <Stack gap="md">
        {act.error && <ProblemNotice error={act.error} />}
        <Group gap="md" align="flex-start">
          <TextInput label={t('name')} description={t('apiKeyNameHint')} required autoFocus value={name} error={fault('name')} onChange={(event) => setName(event.currentTarget.value)} />
          <TextInput label={t('apiKeyEnd')} description={t('apiKeyEndHint')} type="date" required value={end} error={fault('expires_at')} onChange={(event) => setEnd(event.currentTarget.value)} />
        </Group>
        <Checkbox.Group label={t('apiKeyMay')} description={t('apiKeyMayHint')} value={scopes} onChange={setScopes} error={fault('scopes')}>
          <Stack gap="sm" mt="sm">
            {groups.map((group) => (
              <Fieldset key={group.resource} legend={group.resource} variant="unstyled">
                <Group gap="md">
                  {group.scopes.map((scope) => (
                    <Checkbox key={scope.name} value={scope.name} label={scope.action} aria-label={`${group.resource}: ${scope.action}`} />
                  ))}
                </Group>
              </Fieldset>
            ))}
          </Stack>
        </Checkbox.Group>
        <Group gap="sm">
          <Button type="submit" disabled={!name.trim() || !end || scopes.length === 0} loading={act.busy}>
            {t('apiKeyCreate')}
          </Button>
          <Button variant="default" onClick={cancel}>
            {common('cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
