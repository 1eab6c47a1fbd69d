import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, api } from '@/lib/api/client';
import { texts } from '@/lib/i18n';
import { AuthForm } from './auth-form';
import { AuthPage } from './auth-page';
import { MailSent } from './mail-sent';

const t = texts('auth');

export function ForgotPage() {
  const [sentTo, setSentTo] = useState<string | null>(null);
  if (sentTo !== null) {
    return (
      <MailSent email={sentTo} again={() => setSentTo(null)}>
        {t('forgotMail')}
      </MailSent>
    );
  }
  return (
    <AuthPage title={t('forgotTitle')} footer={<Link to="/login">{t('backToLogIn')}</Link>}>
      <p>{t('forgotAdvice')}</p>
      <AuthForm
        fields={[{ name: 'email', label: t('email'), kind: 'email', autoComplete: 'username', missing: t('addressMissing') }]}
        submit={t('sendLink')}
        send={async ({ email }) => {
          await answer(api.POST('/api/v1/auth/password/forgot', { body: { email: email.trim() } }));
          return email.trim();
        }}
        done={setSentTo}
      />
    </AuthPage>
  );
}
