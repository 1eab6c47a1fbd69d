import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, api } from '@/lib/api/client';
import { texts } from '@/lib/i18n';
import { EmptyState, Skeleton } from '@/ui/feedback';
import { AuthForm } from './auth-form';
import { AuthPage } from './auth-page';
import { MailSent } from './mail-sent';
import { useSignUp } from './who-may-sign-up';

const t = texts('auth');

/** Founds an organization: the link in the mail goes on. */
export function SignUpPage() {
  const [sentTo, setSentTo] = useState<string | null>(null);
  const { known, why } = useSignUp();
  if (sentTo !== null) {
    return (
      <MailSent email={sentTo} again={() => setSentTo(null)}>
        {t('signUpMail')}
      </MailSent>
    );
  }
  const footer = <Link to="/login">{t('logInInstead')}</Link>;
  if (!known || why) {
    return (
      <AuthPage title={t('signUp')} footer={footer}>
        {known ? (
          <EmptyState kind="notAllowed" title={t('signUpNotHere')}>
            {why}
          </EmptyState>
        ) : (
          <Skeleton height={300} />
        )}
      </AuthPage>
    );
  }
  return (
    <AuthPage title={t('signUp')} footer={footer}>
      <AuthForm
        fields={[
          { name: 'organization', label: t('organization'), autoComplete: 'organization', hint: t('organizationHint'), missing: t('organizationMissing') },
          { name: 'full_name', label: t('fullName'), autoComplete: 'name', missing: t('fullNameMissing') },
          { name: 'email', label: t('email'), kind: 'email', autoComplete: 'username', missing: t('addressMissing') },
          { name: 'password', label: t('password'), kind: 'password', autoComplete: 'new-password', hint: t('passwordRule'), missing: t('newPasswordMissing') },
        ]}
        submit={t('signUp')}
        send={async (values) => {
          await answer(api.POST('/api/v1/auth/signup', { body: { ...values, email: values.email.trim() } }));
          return values.email.trim();
        }}
        done={setSentTo}
      />
    </AuthPage>
  );
}
