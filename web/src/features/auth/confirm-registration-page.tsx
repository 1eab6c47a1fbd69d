import { answer, api } from '@/lib/api/client';
import { texts } from '@/lib/i18n';
import { EnterForm } from './enter-form';
import { LinkPage } from './link-page';
import { useEntering } from './use-entering';

const t = texts('auth');

/** Finishes a registration as a client. */
export function ConfirmRegistrationPage() {
  const entered = useEntering();
  return (
    <LinkPage title={t('confirmTitle')} page="/confirm-registration" another={t('confirmAgain')}>
      {(token, expired) => (
        <EnterForm
          fields={[{ name: 'password', label: t('password'), kind: 'password', autoComplete: 'current-password', hint: t('confirmHint'), missing: t('passwordMissing') }]}
          submit={t('goOn')}
          send={({ password }) => answer(api.POST('/api/v1/auth/registration/confirm', { body: { token, password } }))}
          entered={entered}
          expired={expired}
        />
      )}
    </LinkPage>
  );
}
