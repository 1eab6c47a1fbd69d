import { useNavigate, useSearch } from '@tanstack/react-router';
import { texts } from '@/lib/i18n';
import { AuthPage } from './auth-page';
import { LogInForm } from './log-in-form';

const t = texts('auth');

export function LogInPage() {
  const navigate = useNavigate();
  const { next } = useSearch({ from: '/login' });
  return (
    <AuthPage title={t('welcomeBack')}>
      <LogInForm entered={() => void navigate({ href: next ?? '/home', replace: true })} />
    </AuthPage>
  );
}
