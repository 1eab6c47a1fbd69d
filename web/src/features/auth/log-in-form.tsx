import { answer, api } from '@/lib/api/client';
import { texts } from '@/lib/i18n';
import { EnterForm } from './enter-form';

const t = texts('auth');

/** Asks for address and password, and for a code if there is a second factor. */
export function LogInForm({ entered }: { entered: () => void }) {
  return (
    <EnterForm
      fields={[
        { name: 'email', label: t('emailOrUsername'), autoComplete: 'username', missing: t('emailMissing') },
        { name: 'password', label: t('password'), kind: 'password', autoComplete: 'current-password', missing: t('passwordMissing') },
      ]}
      submit={t('logIn')}
      send={({ email, password }) => answer(api.POST('/api/v1/auth/login', { body: { email: email.trim(), password } }))}
      entered={entered}
    />
  );
}
