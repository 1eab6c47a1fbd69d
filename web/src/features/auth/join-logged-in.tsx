import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { components } from '@/api/schema';
import { hasCode } from '@/lib/api/problem';
import { logOut, switchProfile } from '@/lib/api/profiles';
import { texts } from '@/lib/i18n';
import { meQuery } from '@/lib/meta';
import { Button } from '@/ui/button';
import { Skeleton } from '@/ui/feedback';
import { Stack } from '@/ui/layout';
import { AuthProblem } from './auth-problem';

const t = texts('auth');

interface Props {
  /** The address that the link went to; `null` if that is not known, or it was handed over. */
  email: string | null;
  submit: string;
  send: () => Promise<components['schemas']['JoinedOrganization']>;
  /** Where one belongs afterwards. */
  to: '/' | '/portal';
  left: () => void;
  expired: ReactNode;
}

/** What a link leads to, for somebody who is logged in, perhaps as somebody else. */
export function JoinLoggedIn({ email, submit, send, to, left, expired }: Props) {
  const me = useQuery(meQuery);
  const join = useMutation({
    mutationFn: async () => {
      const joined = await send();
      await switchProfile(joined.member);
    },
    onSuccess: () => window.location.assign(to),
  });
  const leave = useMutation({ mutationFn: logOut, onSuccess: left });
  if (me.isPending) return <Skeleton height={80} />;
  if (me.isError) return <AuthProblem error={me.error} />;
  if (hasCode(join.error, 'link_invalid')) return expired;
  const theirs = email === null || me.data.email?.toLowerCase() === email.toLowerCase();
  return (
    <Stack gap="md">
      {join.isError && <AuthProblem error={join.error} />}
      {leave.isError && <AuthProblem error={leave.error} />}
      <span>{t('loggedInAs', { name: me.data.email ?? me.data.full_name ?? '' })}</span>
      {!theirs && <span>{t('linkForOther', { email })}</span>}
      {theirs && (
        <Button loading={join.isPending} onClick={() => join.mutate()}>
          {submit}
        </Button>
      )}
      <Button variant={theirs ? 'subtle' : 'filled'} loading={leave.isPending} onClick={() => leave.mutate()}>
        {t('logOutFirst')}
      </Button>
    </Stack>
  );
}
