import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { components } from '@/api/schema';
import { answer, api } from '@/lib/api/client';
import { hasCode } from '@/lib/api/problem';
import { session } from '@/lib/api/session';
import { moment } from '@/lib/format';
import { texts } from '@/lib/i18n';
import { Skeleton } from '@/ui/feedback';
import classes from './auth-page.module.css';
import { AuthProblem } from './auth-problem';
import { EnterForm } from './enter-form';
import { JoinLoggedIn } from './join-logged-in';
import { LinkPage } from './link-page';
import { useEntering } from './use-entering';

const t = texts('auth');
type Invitation = components['schemas']['OpenInvitation'];

export function InvitationPage() {
  return (
    <LinkPage title={t('invitationTitle')} page="/invitation" another={t('invitationAgain')}>
      {(token, expired) => <Invited token={token} expired={expired} />}
    </LinkPage>
  );
}

function Invited({ token, expired }: { token: string; expired: ReactNode }) {
  // As it was when the page was opened: accepting opens a session, too.
  const [inside, setInside] = useState(() => session.state() === 'open');
  const invitation = useQuery({
    queryKey: ['link', 'invitation'],
    queryFn: () => answer(api.POST('/api/v1/auth/invitations/look_up', { body: { token } })),
    staleTime: Infinity,
  });
  if (invitation.isPending) return <Skeleton height={200} />;
  if (invitation.isError) return hasCode(invitation.error, 'link_invalid') ? expired : <AuthProblem error={invitation.error} />;
  return (
    <>
      <Facts invitation={invitation.data} />
      {inside ? (
        <JoinLoggedIn
          email={invitation.data.email}
          submit={t('acceptInvitation')}
          send={() => answer(api.POST('/api/v1/auth/invitations/join', { body: { token } }))}
          to="/"
          left={() => setInside(false)}
          expired={expired}
        />
      ) : (
        <Accept token={token} invitation={invitation.data} expired={expired} />
      )}
    </>
  );
}

/** What one is invited to, and by whom, before one says yes. */
function Facts({ invitation }: { invitation: Invitation }) {
  return (
    <dl className={classes.facts}>
      <dt>{t('organization')}</dt>
      <dd>{invitation.organization}</dd>
      <dt>{t('invitedBy')}</dt>
      <dd>{invitation.inviter}</dd>
      <dt>{t('invitedAs')}</dt>
      <dd>{invitation.roles.join(', ') || t('noRoles')}</dd>
      <dt>{t('email')}</dt>
      <dd>{invitation.email}</dd>
      <dt>{t('goodUntil')}</dt>
      <dd>{moment(invitation.expires_at)}</dd>
    </dl>
  );
}

function Accept({ token, invitation, expired }: { token: string; invitation: Invitation; expired: ReactNode }) {
  const entered = useEntering();
  const shared = { entered, expired, username: invitation.email, submit: t('acceptInvitation') };
  if (invitation.account === 'existing') {
    return (
      <EnterForm
        {...shared}
        fields={[{ name: 'password', label: t('password'), kind: 'password', autoComplete: 'current-password', hint: t('passwordKnown'), missing: t('passwordMissing') }]}
        send={({ password }) => answer(api.POST('/api/v1/auth/invitations/accept', { body: { token, password } }))}
      />
    );
  }
  return (
    <EnterForm
      {...shared}
      fields={[
        { name: 'full_name', label: t('fullName'), autoComplete: 'name', initial: invitation.display_name ?? '', missing: t('fullNameMissing') },
        { name: 'password', label: t('newPassword'), kind: 'password', autoComplete: 'new-password', hint: t('passwordRule'), missing: t('newPasswordMissing') },
      ]}
      send={({ full_name, password }) => answer(api.POST('/api/v1/auth/invitations/accept', { body: { token, full_name, password } }))}
    />
  );
}
