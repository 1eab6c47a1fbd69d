import { answer, api } from '@/lib/api/client';
import { texts } from '@/lib/i18n';
import { EnterForm } from './enter-form';
import { LinkPage } from './link-page';
import { useEntering } from './use-entering';

const t = texts('auth');

/** Where a link leads that an administrator handed over. */
export function SetPasswordPage() {
  const entered = useEntering();
  return (
    <LinkPage title={t('setPasswordTitle')} page="/set-password" another={t('setPasswordAgain')}>
      {(token, expired) => (
        <EnterForm
          fields={[{ name: 'password', label: t('newPassword'), kind: 'password', autoComplete: 'new-password', hint: t('passwordRule'), missing: t('newPasswordMissing') }]}
          submit={t('setPassword')}
          send={({ password }) => answer(api.POST('/api/v1/auth/password/set', { body: { token, password } }))}
          entered={entered}
          expired={expired}
        />
      )}
    </LinkPage>
  );
}
