import { useMutation } from '@tanstack/react-query';
import { answer, api } from '@/lib/api/client';
import { session, useElsewhere, useSessionState } from '@/lib/api/session';
import { texts } from '@/lib/i18n';
import type { Me } from '@/lib/meta';
import { Button } from '@/ui/button';
import { lazyPart } from '@/ui/lazy-part';
import { Stack } from '@/ui/layout';
import { Modal } from '@/ui/overlays';
import { toast } from '@/ui/toast';

const t = texts('auth');
/** Whatever was open when the session ended, another dialog as well, lies below. */
const ABOVE_ALL = 1_100;

// Most sessions never need it.
const LogInForm = lazyPart(() => import('./log-in-form'), 'LogInForm');

interface Props {
  /** As who the page is open. */
  me: Me;
  /** Begins anew, for somebody else. */
  anew: () => void;
}

/** Asks the owner of an expired session to come back, over a page that keeps everything. */
export function SessionDialog({ me, anew }: Props) {
  const expired = useSessionState() === 'expired';
  const elsewhere = useElsewhere();
  /** What is on the page is one person's; another starts anew. */
  const check = async () => {
    const now = await answer(api.GET('/api/v1/users/me'));
    if (me.id !== now.id || me.member !== now.member) anew();
    else session.goOn();
  };
  const back = useMutation({ mutationFn: async () => (await session.back()) && check(), onError: toast.failed });
  const name = me.organization.name ?? '';
  return (
    <Modal
      opened={expired}
      zIndex={ABOVE_ALL}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={t(elsewhere === 'same user' ? 'sessionElsewhere' : 'sessionExpired')}
    >
      {expired && (
        <Stack>
          {elsewhere === 'same user' ? (
            <>
              <p>{t('wentOver', { name })}</p>
              <Button loading={back.isPending} onClick={() => back.mutate()}>
                {t('goBack', { name })}
              </Button>
            </>
          ) : (
            <>
              <p>{t(elsewhere ? 'somebodyElse' : 'sessionExpiredAdvice')}</p>
              <LogInForm entered={() => void check().catch(toast.failed)} />
            </>
          )}
          {elsewhere && (
            <Button variant="default" onClick={anew}>
              {t('loadAnew')}
            </Button>
          )}
        </Stack>
      )}
    </Modal>
  );
}
