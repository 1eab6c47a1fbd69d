import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { hasCode } from '@/lib/api/problem';
import { texts } from '@/lib/i18n';
import { meQuery } from '@/lib/meta';
import { AuthPage } from '@/features/auth/auth-page';
import { BarredPanel, barredWords } from '@/features/auth/barred-panel';
import { LogInForm } from '@/features/auth/log-in-form';
import { ProblemNotice, Skeleton } from '@/ui/feedback';
import { Inside } from './inside';
import { portalQuery, sessionQuery } from './queries';

const t = texts('portal');

/** What clients see. Strangers log in; staff are led to where they work. */
export function Portal() {
  const client = useQueryClient();
  const found = useQuery(sessionQuery);
  const inside = found.data === true;
  const me = useQuery({ ...meQuery, enabled: inside });
  const staff = me.data !== undefined && me.data.profile !== 'client';
  const mine = useQuery({ ...portalQuery, enabled: me.data?.profile === 'client' && !me.data.barred });

  // The other entry is another page.
  useEffect(() => {
    if (staff) window.location.replace('/');
  }, [staff]);

  const error = found.error ?? me.error ?? mine.error;
  const barred = me.data?.barred ?? (hasCode(mine.error, 'module_disabled') ? mine.error.code : null);

  if (found.data === false) {
    return (
      <AuthPage title={t('logIn')} footer={<a href="/forgot-password">{t('forgotPassword')}</a>}>
        <LogInForm entered={() => client.setQueryData(sessionQuery.queryKey, true)} />
      </AuthPage>
    );
  }
  if (barred && !staff) {
    return (
      <AuthPage title={barredWords(barred).title}>
        <BarredPanel code={barred} retry={() => window.location.reload()} />
      </AuthPage>
    );
  }
  if (error) {
    return (
      <AuthPage title={t('notReached')}>
        <ProblemNotice error={error} retry={() => void client.invalidateQueries()} />
      </AuthPage>
    );
  }
  if (!mine.data || !me.data) {
    return (
      <main aria-busy>
        <Skeleton height={56} radius={0} />
      </main>
    );
  }
  return <Inside me={me.data} mine={mine.data} />;
}
