import type { ReactNode } from 'react';
import { texts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { AuthPage } from './auth-page';

const t = texts('auth');

/** What to do now that a mail is on its way. It never says whether the address is known. */
export function MailSent({ email, again, children }: { email: string; again: () => void; children: ReactNode }) {
  return (
    <AuthPage title={t('lookIntoMail')}>
      <p role="status">{children}</p>
      <p>
        {t('mailSentTo')} <strong>{email}</strong>. {t('mailAdvice')}
      </p>
      <Button variant="default" onClick={again}>
        {t('otherAddress')}
      </Button>
    </AuthPage>
  );
}
