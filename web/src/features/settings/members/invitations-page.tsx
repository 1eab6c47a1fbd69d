import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { components } from '@/api/schema';
import { answer, api, attempt } from '@/lib/api/client';
import { dayOf } from '@/lib/format';
import { texts } from '@/lib/i18n';
import { useMay } from '@/lib/meta';
import { Button, ExplainedButton } from '@/ui/button';
import { EmptyState, ProblemNotice, Skeleton, Tag, type Tone } from '@/ui/feedback';
import { NativeSelect } from '@/ui/inputs';
import { Group } from '@/ui/layout';
import { Page } from '@/ui/page';
import classes from '../settings.module.css';
import { useAct } from '../shared/use-act';
import { InviteForm } from './invite-form';
import { INVITATION_STATES, type InvitationsSearch } from './search';

const t = texts('settings');
const SHOWN_IN = [['settings', 'invitations']];
type Invitation = components['schemas']['Invitation'];

/** Who was invited, and what became of it. */
export function InvitationsPage() {
  const search = useSearch({ from: '/staff/settings/invitations' });
  const navigate = useNavigate({ from: '/settings/invitations' });
  const mayInvite = useMay('invitations:create');
  const [inviting, setInviting] = useState(false);
  const invite = (
    <ExplainedButton why={mayInvite ? undefined : t('notYourRole')} onClick={() => setInviting(true)}>
      {t('invite')}
    </ExplainedButton>
  );
  return (
    <Page title={t('invitations')} narrow actions={!inviting && invite}>
      {inviting && <InviteForm shownIn={SHOWN_IN} close={() => setInviting(false)} />}
      <Group mb="md">
        <NativeSelect
          label={t('state')}
          value={search.status ?? ''}
          onChange={(event) => void navigate({ search: (before) => ({ ...before, status: (event.currentTarget.value || undefined) as InvitationsSearch['status'] }), replace: true })}
          data={[{ value: '', label: t('invitationsAll') }, ...INVITATION_STATES.map((status) => ({ value: status, label: statusOf(status).word }))]}
        />
      </Group>
      <InvitationList status={search.status} />
    </Page>
  );
}

function statusOf(status: string): { word: string; tone: Tone } {
  switch (status) {
    case 'pending':
      return { word: t('invitationPending'), tone: 'accent' };
    case 'accepted':
      return { word: t('invitationAccepted'), tone: 'ok' };
    case 'expired':
      return { word: t('invitationExpired'), tone: 'warn' };
    case 'withdrawn':
      return { word: t('invitationWithdrawn'), tone: 'neutral' };
    default:
      return { word: status, tone: 'neutral' };
  }
}

function InvitationList({ status }: { status: InvitationsSearch['status'] }) {
  const invitations = useInfiniteQuery({
    queryKey: ['settings', 'invitations', status ?? 'all'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => answer(api.GET('/api/v1/invitations', { signal, params: { query: { ...(status ? { status } : {}), ...(pageParam ? { cursor: pageParam } : {}) } } })),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  if (invitations.isPending) return <Skeleton height={160} />;
  if (invitations.isError) return <ProblemNotice error={invitations.error} retry={() => void invitations.refetch()} />;
  const rows = invitations.data.pages.flatMap((page) => page.items);
  if (rows.length === 0) {
    return (
      <EmptyState kind={status ? 'noMatch' : 'nothing'} title={status ? t('invitationsNoMatch') : t('invitationsNone')}>
        {!status && t('invitationsNoneAdvice')}
      </EmptyState>
    );
  }
  return (
    <>
      <ul className={classes.list}>
        {rows.map((invitation) => (
          <InvitationRow key={invitation.id} of={invitation} />
        ))}
      </ul>
      {invitations.hasNextPage && (
        <Button variant="default" mt="md" loading={invitations.isFetchingNextPage} onClick={() => void invitations.fetchNextPage()}>
          {t('older')}
        </Button>
      )}
    </>
  );
}

function InvitationRow({ of }: { of: Invitation }) {
  const mayInvite = useMay('invitations:create');
  const mayWithdraw = useMay('invitations:delete');
  const act = useAct();
  const whom = of.email ?? of.display_name ?? t('memberNameless');
  const status = statusOf(of.status);
  const open = of.status === 'pending' || of.status === 'expired';
  const at = () => ({ params: { path: { id: of.id } }, headers: attempt() });
  const resend = () =>
    void act.run({ call: () => answer(api.POST('/api/v1/invitations/{id}/resend', at())), done: t('invitationResent', { email: whom }), refresh: SHOWN_IN });
  // Withdrawing is made good by inviting again, which sends a mail: no undo does that unasked.
  const withdraw = () =>
    void act.run({ call: () => answer(api.POST('/api/v1/invitations/{id}/withdraw', at())), done: t('invitationTaken', { email: whom }), refresh: SHOWN_IN });
  return (
    <li className={classes.row}>
      <div className={classes.what}>
        <div className={classes.name}>
          {whom}
          <Tag tone={status.tone}>{status.word}</Tag>
        </div>
        <div className={classes.small}>
          {of.display_name && of.email && `${of.display_name} · `}
          {of.roles.map((role) => role.label).join(', ') || t('rolesNone')}
          {of.team && ` · ${of.team.label}`}
          {of.invited_by && ` · ${t('invitationBy', { name: of.invited_by.label, day: dayOf(of.created_at) })}`}
          {of.status === 'pending' && ` · ${t('invitationUntil', { day: dayOf(of.expires_at) })}`}
        </div>
      </div>
      {open && (
        <Group gap="sm">
          {mayInvite && (
            <Button variant="default" disabled={act.busy} onClick={resend} aria-label={t('invitationResendTo', { email: whom })}>
              {t('invitationResend')}
            </Button>
          )}
          {mayWithdraw && (
            <Button variant="default" disabled={act.busy} onClick={withdraw} aria-label={t('invitationWithdrawFrom', { email: whom })}>
              {t('invitationWithdraw')}
            </Button>
          )}
        </Group>
      )}
    </li>
  );
}
