import { useMutation, useQuery } from '@tanstack/react-query';
import { logOut, profilesQuery, switchProfile } from '@/lib/api/profiles';
import { texts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/feedback';
import { Stack } from '@/ui/layout';
import { Title } from '@/ui/text';

const t = texts('auth');

/** Why one may not enter, in words. */
export function barredWords(code: string): { title: string; why: string } {
  switch (code) {
    case 'organization_maintenance':
      return { title: t('barredOrganizationMaintenance'), why: t('barredOrganizationMaintenanceWhy') };
    case 'instance_maintenance':
      return { title: t('barredInstanceMaintenance'), why: t('barredInstanceMaintenanceWhy') };
    case 'organization_closed':
      return { title: t('barredClosed'), why: t('barredClosedWhy') };
    case 'module_disabled':
      return { title: t('barredNoPortal'), why: t('barredNoPortalWhy') };
    default:
      return { title: t('barredNoMembership'), why: t('barredNoMembershipWhy') };
  }
}

/** For somebody known who may not enter just now: why, and the ways out. */
export function BarredPanel({ code, retry }: { code: string; retry: () => void }) {
  const profiles = useQuery(profilesQuery);
  const change = useMutation({ mutationFn: switchProfile, onSuccess: () => window.location.assign('/') });
  const leave = useMutation({ mutationFn: logOut, onSuccess: () => window.location.assign('/') });
  const others = profiles.data?.items.filter((profile) => profile.active && !profile.closed && !profile.current) ?? [];
  const failed = change.error ?? leave.error;
  return (
    <Stack gap="md">
      <span>{barredWords(code).why}</span>
      {failed && <ProblemNotice error={failed} />}
      {others.length > 0 && <Title order={2}>{t('otherProfiles')}</Title>}
      {others.map((profile) => (
        <Button key={profile.member} variant="default" loading={change.isPending && change.variables === profile.member} onClick={() => change.mutate(profile.member)}>
          {profile.profile === 'client' ? t('goToAsClient', { name: profile.name ?? '' }) : t('goTo', { name: profile.name ?? '' })}
        </Button>
      ))}
      <Button variant="default" onClick={retry}>
        {t('lookAgain')}
      </Button>
      <Button variant="subtle" loading={leave.isPending} onClick={() => leave.mutate()}>
        {t('logOut')}
      </Button>
    </Stack>
  );
}
