import { answer, api } from '@/lib/api/client';
import { session, useSessionState } from '@/lib/api/session';
import { texts } from '@/lib/i18n';
import type { Me } from '@/lib/meta';
import { LogInForm } from '@/features/auth/log-in-form';
import { Modal } from '@/ui/overlays';
import { toast } from '@/ui/toast';

const t = texts('portal');

/** Asks an expired session's owner to log in again, over a page that keeps what was typed. */
export function SessionDialog({ me }: { me: Me }) {
  const expired = useSessionState() === 'expired';
  /** What is on the page is one person's; another starts anew. */
  const check = async () => {
    const now = await answer(api.GET('/api/v1/users/me'));
    if (now.member !== me.member) window.location.assign('/portal');
    else session.goOn();
  };
  return (
    <Modal opened={expired} onClose={() => undefined} withCloseButton={false} closeOnEscape={false} closeOnClickOutside={false} title={t('sessionExpired')}>
      <p>{t('sessionExpiredAdvice')}</p>
      {expired && <LogInForm entered={() => void check().catch(toast.failed)} />}
    </Modal>
  );
}
