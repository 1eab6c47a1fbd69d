import { type ReactNode, useState } from 'react';
import { answer, api } from '@/lib/api/client';
import { session } from '@/lib/api/session';
import { texts } from '@/lib/i18n';
import { EnterForm } from './enter-form';
import { JoinLoggedIn } from './join-logged-in';
import { LinkPage } from './link-page';
import { useEntering } from './use-entering';

const t = texts('auth');

/** Finishes a registration as a client. */
export function ConfirmRegistrationPage() {
  return (
    <LinkPage title={t('confirmTitle')} page="/confirm-registration" another={t('confirmAgain')}>
      {(token, expired) => <Confirm token={token} expired={expired} />}
    </LinkPage>
  );
}

function Confirm({ token, expired }: { token: string; expired: ReactNode }) {
  // As it was when the page was opened: confirming opens a session, too.
  const [inside, setInside] = useState(() => session.state() === 'open');
  const entered = useEntering();
  if (inside) {
    return (
      <JoinLoggedIn
        email={null}
        submit={t('goOn')}
        send={() => answer(api.POST('/api/v1/auth/registration/join', { body: { token } }))}
        to="/portal"
        left={() => setInside(false)}
        expired={expired}
      />
    );
  }
  return (
    <EnterForm
      fields={[{ name: 'password', label: t('password'), kind: 'password', autoComplete: 'current-password', hint: t('confirmHint'), missing: t('passwordMissing') }]}
      submit={t('goOn')}
      send={({ password }) => answer(api.POST('/api/v1/auth/registration/confirm', { body: { token, password } }))}
      entered={entered}
      expired={expired}
    />
  );
}
