import { answer, api, attempt } from '@/lib/api/client';
import { texts } from '@/lib/i18n';
import { useMe } from '@/lib/meta';
import { TextInput } from '@/ui/inputs';
import { Page, Section } from '@/ui/page';
import { OneField } from '../shared/one-field';

const t = texts('settings');

const rename = (id: string, name: string) =>
  answer(api.PATCH('/api/v1/members/{id}', { params: { path: { id } }, body: { display_name: name }, headers: attempt() }));

/** What one is called, and by what one logs in. */
export function ProfilePage() {
  const me = useMe();
  const before = me.display_name ?? '';
  return (
    <Page title={t('profile')} narrow>
      <Section title={t('displayName')} description={t('displayNameAbout', { organization: me.organization.name ?? '' })}>
        <OneField
          label={t('name')}
          value={before}
          autoComplete="name"
          member="display_name"
          act={(name) => ({
            call: () => rename(me.member, name),
            done: t('renamedTo', { name }),
            undo: () => rename(me.member, before),
            refresh: [['me'], ['meta'], ['settings', 'members']],
          })}
        />
      </Section>
      <Section title={t('email')} description={t('emailAbout')}>
        <TextInput label={t('emailNow')} readOnly value={me.email ?? ''} maw={440} mb="md" />
        <OneField
          label={t('emailNew')}
          value=""
          type="email"
          autoComplete="email"
          member="email"
          submit={t('emailSend')}
          act={(email) => ({
            call: () => answer(api.POST('/api/v1/auth/email/change', { body: { email } })),
            done: t('emailSent', { email }),
            refresh: [],
          })}
        />
      </Section>
      <Section title={t('username')} description={t('usernameAbout')}>
        <OneField
          label={t('usernameNew')}
          value=""
          autoComplete="username"
          member="username"
          optional
          act={(username) => ({
            call: () => answer(api.POST('/api/v1/auth/username', { body: { username: username || null } })),
            done: username ? t('usernameSet', { username }) : t('usernameRemoved'),
            refresh: [['me']],
          })}
        />
      </Section>
    </Page>
  );
}
