import { useQuery } from '@tanstack/react-query';
import { answer, api } from '@/lib/api/client';
import { texts } from '@/lib/i18n';

const t = texts('auth');

/** Why strangers may not sign up here; nothing if they may. */
const whyNot = (signUp: string): string | null =>
  signUp === 'closed' ? t('signUpClosed') : signUp === 'invite_only' ? t('signUpInviteOnly') : null;

/**
 * Whether strangers may sign up here, as it was when the page came: what changes later must not take a form
 * away that somebody fills in. Where that cannot be found out, the answer to the form says it.
 */
export function useSignUp(): { known: boolean; why: string | null } {
  const instance = useQuery({
    queryKey: ['public-instance'],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/public', { signal })),
    staleTime: Infinity,
    gcTime: 0,
  });
  return { known: !instance.isPending, why: instance.data ? whyNot(instance.data.sign_up) : null };
}
