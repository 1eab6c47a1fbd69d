import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, api } from '@/lib/api/client';
import { texts } from '@/lib/i18n';
import { AuthForm } from './auth-form';
import { LinkPage } from './link-page';

const t = texts('auth');

export function ResetPage() {
  const [set, setSet] = useState(false);
  return (
    <LinkPage title={t('resetTitle')} page="/reset-password" another={<Link to="/forgot-password">{t('forgotAgain')}</Link>}>
      {(token, expired) =>
        set ? (
          <p role="status">{t('passwordSet')}</p>
        ) : (
          <AuthForm
            fields={[{ name: 'password', label: t('newPassword'), kind: 'password', autoComplete: 'new-password', hint: t('passwordRule'), missing: t('newPasswordMissing') }]}
            submit={t('setPassword')}
            send={({ password }) => answer(api.POST('/api/v1/auth/password/reset', { body: { token, password } }))}
            done={() => setSet(true)}
            expired={expired}
          />
        )
      }
    </LinkPage>
  );
}
