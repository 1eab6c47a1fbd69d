import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { answer, api } from '@/lib/api/client';
import { hasCode } from '@/lib/api/problem';
import { logOut, switchProfile } from '@/lib/api/profiles';
import { texts } from '@/lib/i18n';
import { meQuery } from '@/lib/meta';
import { Button } from '@/ui/button';
import { Skeleton } from '@/ui/feedback';
import { Stack } from '@/ui/layout';
import { AuthProblem } from './auth-problem';

const t = texts('auth');

/** An invitation for somebody who is logged in, perhaps as somebody else. */
export function InvitationJoin({ token, email, left, expired }: { token: string; email: string; left: () => void; expired: ReactNode }) {
  const me = useQuery(meQuery);
  const join = useMutation({
    mutationFn: async () => {
      const joined = await answer(api.POST('/api/v1/auth/invitations/join', { body: { token } }));
      await switchProfile(joined.member);
    },
    onSuccess: () => window.location.assign('/'),
  });
  const leave = useMutation({ mutationFn: logOut, onSuccess: left });
  if (me.isPending) return <Skeleton height={80} />;
  if (me.isError) return <AuthProblem error={me.error} />;
  if (hasCode(join.error, 'link_invalid')) return expired;
  const theirs = me.data.email?.toLowerCase() === email.toLowerCase();
  return (
    <Stack gap="md">
      {join.isError && <AuthProblem error={join.error} />}
      {leave.isError && <AuthProblem error={leave.error} />}
      <span>{t('loggedInAs', { name: me.data.email ?? me.data.full_name ?? '' })}</span>
      {!theirs && <span>{t('invitationForOther', { email })}</span>}
      {theirs && (
        <Button loading={join.isPending} onClick={() => join.mutate()}>
          {t('acceptInvitation')}
        </Button>
      )}
      <Button variant={theirs ? 'subtle' : 'filled'} loading={leave.isPending} onClick={() => leave.mutate()}>
        {t('logOutFirst')}
      </Button>
    </Stack>
  );
}
