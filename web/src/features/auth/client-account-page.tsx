import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { answer, api } from '@/lib/api/client';
import { hasCode } from '@/lib/api/problem';
import { texts } from '@/lib/i18n';
import { Skeleton } from '@/ui/feedback';
import { AuthProblem } from './auth-problem';
import { EnterForm } from './enter-form';
import type { FieldSpec } from './fields';
import { LinkPage } from './link-page';
import { useEntering } from './use-entering';

const t = texts('auth');

/** Opens the account in the portal that staff offered a client. */
export function ClientAccountPage() {
  return (
    <LinkPage title={t('clientAccountTitle')} page="/client-account" another={t('clientAccountAgain')}>
      {(token, expired) => <Offer token={token} expired={expired} />}
    </LinkPage>
  );
}

function Offer({ token, expired }: { token: string; expired: ReactNode }) {
  const entered = useEntering();
  const offer = useQuery({
    queryKey: ['link', 'client_account'],
    queryFn: () => answer(api.POST('/api/v1/auth/client_account/look', { body: { token } })),
    staleTime: Infinity,
  });
  if (offer.isPending) return <Skeleton height={160} />;
  if (offer.isError) return hasCode(offer.error, 'link_invalid') ? expired : <AuthProblem error={offer.error} />;
  const { known, organization } = offer.data;
  const email = offer.data.email ?? null;
  const fields: FieldSpec<'username' | 'password'>[] = [
    ...(email === null ? [{ name: 'username' as const, label: t('username'), autoComplete: 'username', hint: t('usernameHint'), missing: t('usernameMissing') }] : []),
    known
      ? { name: 'password', label: t('password'), kind: 'password', autoComplete: 'current-password', hint: t('passwordKnown'), missing: t('passwordMissing') }
      : { name: 'password', label: t('newPassword'), kind: 'password', autoComplete: 'new-password', hint: t('passwordRule'), missing: t('newPasswordMissing') },
  ];
  return (
    <EnterForm
      fields={fields}
      submit={t('openAccount')}
      send={({ username, password }) => answer(api.POST('/api/v1/auth/client_account', { body: { token, password, ...(email === null && { username: username.trim() }) } }))}
      entered={entered}
      username={email ?? undefined}
      expired={expired}
    >
      <span>{email === null ? t('clientAccountUsername', { name: organization ?? '' }) : t('clientAccountOffer', { name: organization ?? '', email })}</span>
    </EnterForm>
  );
}
