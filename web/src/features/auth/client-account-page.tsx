import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { answer, api } from '@/lib/api/client';
import { hasCode } from '@/lib/api/problem';
import { session } from '@/lib/api/session';
import { texts } from '@/lib/i18n';
import { Skeleton } from '@/ui/feedback';
import { Stack } from '@/ui/layout';
import { AuthProblem } from './auth-problem';
import { EnterForm } from './enter-form';
import type { FieldSpec } from './fields';
import { JoinLoggedIn } from './join-logged-in';
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
  // As it was when the page was opened: opening the account opens a session, too.
  const [inside, setInside] = useState(() => session.state() === 'open');
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
  if (inside) {
    return (
      <Stack gap="md">
        <span>{t('clientAccountOffered', { name: organization ?? '' })}</span>
        <JoinLoggedIn
          email={email}
          submit={t('openAccount')}
          send={() => answer(api.POST('/api/v1/auth/client_account/join', { body: { token } }))}
          to="/portal"
          left={() => setInside(false)}
          expired={expired}
        />
      </Stack>
    );
  }
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
