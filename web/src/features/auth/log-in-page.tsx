import { Link, useSearch } from '@tanstack/react-router';
import { texts } from '@/lib/i18n';
import { AuthPage } from './auth-page';
import { LogInForm } from './log-in-form';
import { useEntering } from './use-entering';

const t = texts('auth');

export function LogInPage() {
  const { next } = useSearch({ from: '/login' });
  const entered = useEntering(next);
  return (
    <AuthPage
      title={t('welcomeBack')}
      footer={
        <>
          <Link to="/forgot-password">{t('forgotPassword')}</Link>
          <Link to="/signup">{t('signUpInstead')}</Link>
        </>
      }
    >
      <LogInForm entered={entered} />
    </AuthPage>
  );
}
