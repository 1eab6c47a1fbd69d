import { useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { components } from '@/api/schema';
import { answer, api } from '@/lib/api/client';
import { dayOf } from '@/lib/format';
import { texts } from '@/lib/i18n';
import { useMay, useMe, useMeta } from '@/lib/meta';
import { ExplainedButton, Button } from '@/ui/button';
import { CopyField } from '@/ui/copy';
import { EmptyState, Tag } from '@/ui/feedback';
import { Group } from '@/ui/layout';
import { Page } from '@/ui/page';
import classes from '../settings.module.css';
import { apiKeysQuery } from '../shared/queries';
import { useAct } from '../shared/use-act';
import { NewKeyForm } from './new-key-form';

const t = texts('settings');
const common = texts('common');
type ApiKey = components['schemas']['ApiKey'];
type MadeApiKey = components['schemas']['MadeApiKey'];

/** Keys for programs that act for one. */
export function ApiKeysPage() {
  const { data: keys } = useSuspenseQuery(apiKeysQuery);
  const mayCreate = useMay('api_keys:create');
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<MadeApiKey | null>(null);
  const create = (
    <ExplainedButton why={mayCreate ? undefined : t('notYourRole')} onClick={() => setMaking(true)}>
      {t('apiKeyNew')}
    </ExplainedButton>
  );
  const shown = (key: MadeApiKey) => {
    setMade(key);
    setMaking(false);
  };
  return (
    <Page title={t('apiKeys')} narrow actions={!making && create}>
      <p className={classes.muted}>{t('apiKeysLong')}</p>
      {made && (
        <div className={classes.once} role="status">
          <p>{t('apiKeyOnce', { name: made.name ?? '' })}</p>
          <CopyField label={t('apiKeySecret')} value={made.key} />
          <Button mt="md" variant="default" onClick={() => setMade(null)}>
            {common('done')}
          </Button>
        </div>
      )}
      {making && <NewKeyForm made={shown} cancel={() => setMaking(false)} />}
      {keys.items.length === 0 && !making ? (
        <EmptyState kind="nothing" title={t('apiKeysNone')}>
          {t('apiKeysNoneAdvice')}
        </EmptyState>
      ) : (
        <ul className={classes.list}>
          {keys.items.map((key) => (
            <KeyRow key={key.id} of={key} />
          ))}
        </ul>
      )}
    </Page>
  );
}

function KeyRow({ of }: { of: ApiKey }) {
  const me = useMe();
  const { members } = useMeta();
  const act = useAct();
  const [asking, setAsking] = useState(false);
  const owner = members.find((member) => member.id === of.member)?.display_name;
  const name = of.name ?? t('apiKeyNameless');
  const expired = of.expires_at ? new Date(of.expires_at) < new Date() : false;
  const revoke = () =>
    void act.run({
      call: () => answer(api.DELETE('/api/v1/api_keys/{id}', { params: { path: { id: of.id } } })),
      done: t('apiKeyRevoked', { name }),
      refresh: [['settings', 'api_keys']],
    });
  return (
    <li className={classes.row}>
      <div className={classes.what}>
        <div className={classes.name}>
          {name}
          {expired && <Tag tone="warn">{t('apiKeyExpired')}</Tag>}
        </div>
        <div className={classes.small}>
          {of.member !== me.member && owner && `${owner} · `}
          {of.expires_at && t('apiKeyUntil', { day: dayOf(of.expires_at) })}
          {' · '}
          {of.used_on ? t('apiKeyUsed', { day: dayOf(of.used_on) }) : t('apiKeyUnused')}
          {' · '}
          {t('apiKeyScopes', { count: of.scopes.length })}
        </div>
      </div>
      {asking ? (
        <Group gap="sm" role="group" aria-label={t('apiKeyRevokeLabel', { name })}>
          <span>{t('apiKeyRevokeWarning')}</span>
          <Button color="red.9" loading={act.busy} onClick={revoke}>
            {t('apiKeyRevokeLabel', { name })}
          </Button>
          <Button variant="default" onClick={() => setAsking(false)}>
            {common('cancel')}
          </Button>
        </Group>
      ) : (
        <Button variant="default" aria-label={t('apiKeyRevokeLabel', { name })} onClick={() => setAsking(true)}>
          {t('apiKeyRevoke')}…
        </Button>
      )}
    </li>
  );
}
