import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, api } from '@/lib/api/client';
import { hasCode } from '@/lib/api/problem';
import { texts } from '@/lib/i18n';
import { EmptyState, ProblemNotice } from '@/ui/feedback';
import { AuthForm } from './auth-form';
import { AuthPage } from './auth-page';
import { MailSent } from './mail-sent';

const t = texts('auth');

/** Becoming a client of an organization, by the address that it gave out. */
export function RegisterPage() {
  const { key } = useParams({ from: '/register/$key' });
  const [sentTo, setSentTo] = useState<string | null>(null);
  const organization = useQuery({
    queryKey: ['public', key],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/public/{key}', { signal, params: { path: { key } } })),
  });
  const name = organization.data?.name ?? '';
  if (sentTo !== null) {
    return (
      <MailSent email={sentTo} again={() => setSentTo(null)}>
        {t('registerMail', { name })}
      </MailSent>
    );
  }
  if (organization.isError) {
    return (
      <AuthPage title={t('registerClosed')} footer={<a href="/portal">{t('logInInstead')}</a>}>
        {hasCode(organization.error, 'not_found', 'registration_closed', 'module_disabled') ? (
          <EmptyState kind="noMatch" title={t('registerClosedTitle')}>
            {t('registerClosedWhy')}
          </EmptyState>
        ) : (
          <ProblemNotice error={organization.error} retry={() => void organization.refetch()} />
        )}
      </AuthPage>
    );
  }
  return (
    <AuthPage title={name ? t('registerWith', { name }) : t('register')} footer={<a href="/portal">{t('logInInstead')}</a>}>
      <AuthForm
        fields={[
          { name: 'full_name', label: t('fullName'), autoComplete: 'name', missing: t('fullNameMissing') },
          { name: 'email', label: t('email'), kind: 'email', autoComplete: 'username', missing: t('addressMissing') },
          { name: 'phone', label: t('phoneOptional'), kind: 'tel', autoComplete: 'tel' },
          { name: 'company_name', label: t('companyOptional'), autoComplete: 'organization' },
          { name: 'password', label: t('password'), kind: 'password', autoComplete: 'new-password', hint: t('passwordRule'), missing: t('newPasswordMissing') },
        ]}
        submit={t('register')}
        send={async ({ full_name, email, phone, company_name, password }) => {
          const body = { full_name, email: email.trim(), password, phone: phone.trim() || null, company_name: company_name.trim() || null };
          await answer(api.POST('/api/v1/public/{key}/register', { params: { path: { key } }, body }));
          return body.email;
        }}
        done={setSentTo}
      />
    </AuthPage>
  );
}
