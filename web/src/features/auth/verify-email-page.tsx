import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, api } from '@/lib/api/client';
import { texts } from '@/lib/i18n';
import { EnterForm } from './enter-form';
import { LinkPage } from './link-page';
import { useEntering } from './use-entering';

const t = texts('auth');

/** Finishes a sign-up, or a change of address. */
export function VerifyEmailPage() {
  const entered = useEntering();
  const [changed, setChanged] = useState(false);
  return (
    <LinkPage title={t('verifyTitle')} page="/verify-email" another={<Link to="/signup">{t('signUpAgain')}</Link>}>
      {(token, expired) =>
        changed ? (
          <p role="status">{t('addressChanged')}</p>
        ) : (
          <EnterForm
            fields={[{ name: 'password', label: t('password'), kind: 'password', autoComplete: 'current-password', hint: t('verifyHint'), missing: t('passwordMissing') }]}
            submit={t('goOn')}
            send={({ password }) => answer(api.POST('/api/v1/auth/email/verify', { body: { token, password } }))}
            entered={entered}
            notEntered={() => setChanged(true)}
            expired={expired}
          />
        )
      }
    </LinkPage>
  );
}
