import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { texts } from '@/lib/i18n';
import { EmptyState } from '@/ui/feedback';
import { AuthPage } from './auth-page';
import { tokenOf } from './link-token';

const t = texts('auth');

interface Props {
  title: string;
  /** The address that the links lead to. */
  page: string;
  /** How to get another link. */
  another: ReactNode;
  children: (token: string, expired: ReactNode) => ReactNode;
}

/** A page that a link from a mail leads to; says what to do where the link is not good. */
export function LinkPage({ title, page, another, children }: Props) {
  const [token] = useState(() => tokenOf(page));
  const expired = (
    <EmptyState kind="noMatch" title={t('linkInvalid')}>
      <p>{t('linkInvalidWhy')}</p>
      <p>{another}</p>
    </EmptyState>
  );
  return (
    <AuthPage title={title} footer={<Link to="/login">{t('backToLogIn')}</Link>}>
      {token === null ? (
        <EmptyState kind="nothing" title={t('linkMissing')}>
          {t('linkMissingWhy')}
        </EmptyState>
      ) : (
        children(token, expired)
      )}
    </AuthPage>
  );
}
