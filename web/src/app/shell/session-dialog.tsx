import { useQueryClient } from '@tanstack/react-query';
import { answer, api } from '@/lib/api/client';
import { session, useSessionState } from '@/lib/api/session';
import { texts } from '@/lib/i18n';
import { meQuery } from '@/lib/meta';
import { recents } from '@/lib/recents';
import { lazyPart } from '@/ui/lazy-part';
import { Modal } from '@/ui/overlays';
import { toast } from '@/ui/toast';

const t = texts('shell');
/** Whatever was open when the session ended, another dialog as well, lies below. */
const ABOVE_ALL = 1_100;

// Most sessions never need it.
const LogInForm = lazyPart(() => import('@/features/auth/log-in-form'), 'LogInForm');

/** Asks an expired session's owner to log in again, over a page that keeps everything. */
export function SessionDialog() {
  const expired = useSessionState() === 'expired';
  const client = useQueryClient();
  const before = client.getQueryData(meQuery.queryKey);
  /** What is on the page is one person's; another starts anew. */
  const check = async () => {
    const me = await answer(api.GET('/api/v1/users/me'));
    if (before && (before.id !== me.id || before.member !== me.member)) {
      recents.forget();
      location.assign('/');
    } else session.goOn();
  };
  return (
    <Modal opened={expired} zIndex={ABOVE_ALL} onClose={() => undefined} withCloseButton={false} closeOnEscape={false} closeOnClickOutside={false} title={t('sessionExpired')}>
      <p>{t('sessionExpiredAdvice')}</p>
      {expired && <LogInForm entered={() => void check().catch(toast.failed)} />}
    </Modal>
  );
}
