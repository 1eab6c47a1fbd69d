import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { meQuery } from '@/lib/meta';
import { AuthPage } from './auth-page';
import { BarredPanel, barredWords } from './barred-panel';

/** Says why somebody known may not enter. The route sees to it that there is somebody. */
export function BarredPage() {
  const me = useSuspenseQuery(meQuery);
  const navigate = useNavigate();
  const code = me.data.barred ?? 'no_membership';
  const retry = async () => {
    const { data } = await me.refetch();
    if (data && !data.barred) await navigate({ to: '/home' });
  };
  return (
    <AuthPage title={barredWords(code).title}>
      <BarredPanel code={code} retry={() => void retry()} />
    </AuthPage>
  );
}
