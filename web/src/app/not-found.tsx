import { Link } from '@tanstack/react-router';
import { texts } from '@/lib/i18n';
import { EmptyState } from '@/ui/feedback';
import { useTitle } from '@/ui/page';

const t = texts('shell');

export function NotFound() {
  useTitle(t('notFound'));
  return (
    <main>
      <EmptyState page kind="noMatch" title={t('notFound')}>
        <Link to="/">{t('toStart')}</Link>
      </EmptyState>
    </main>
  );
}
