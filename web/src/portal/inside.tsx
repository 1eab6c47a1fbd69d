import { useMutation, useQuery } from '@tanstack/react-query';
import { IconHome, IconLock, IconLogout, IconSwitchHorizontal, IconUser } from '@tabler/icons-react';
import { logOut, profilesQuery, switchProfile } from '@/lib/api/profiles';
import { texts } from '@/lib/i18n';
import type { Me } from '@/lib/meta';
import { SessionDialog } from '@/features/auth/session-dialog';
import { IconButton } from '@/ui/button';
import { EmptyState } from '@/ui/feedback';
import { OfflineBanner } from '@/ui/offline';
import { Menu } from '@/ui/overlays';
import { toast } from '@/ui/toast';
import { DetailsPage } from './details-page';
import { HomePage } from './home-page';
import { PasswordPage } from './password-page';
import { PageLink, usePage } from './path';
import classes from './portal.module.css';
import type { PortalMe } from './queries';

const t = texts('portal');
const common = texts('common');

/** The portal of somebody who is in: the way around stands where a thumb reaches it. */
export function Inside({ me, mine }: { me: Me; mine: PortalMe }) {
  const page = usePage();
  const leave = useMutation({ mutationFn: logOut, onSuccess: () => window.location.assign('/portal'), onError: toast.failed });
  return (
    <div className={classes.portal}>
      <a className="skip-link" href="#main">
        {common('skipToContent')}
      </a>
      <header className={classes.header}>
        <span className={classes.organization}>{mine.organization.name ?? common('appName')}</span>
        <Profiles />
        <IconButton label={t('logOut')} loading={leave.isPending} onClick={() => leave.mutate()}>
          <IconLogout size={18} />
        </IconButton>
      </header>
      <nav className={classes.nav} aria-label={t('pages')}>
        <PageLink to="home">
          <IconHome size={20} aria-hidden />
          {t('home')}
        </PageLink>
        <PageLink to="details">
          <IconUser size={20} aria-hidden />
          {t('details')}
        </PageLink>
        <PageLink to="password">
          <IconLock size={20} aria-hidden />
          {t('password')}
        </PageLink>
      </nav>
      <OfflineBanner />
      <main id="main" tabIndex={-1} className={classes.main}>
        {page === 'home' && <HomePage mine={mine} />}
        {page === 'details' && <DetailsPage mine={mine} />}
        {page === 'password' && <PasswordPage me={me} />}
        {page === null && (
          <EmptyState page kind="noMatch" title={t('noPage')}>
            <PageLink to="home">{t('toHome')}</PageLink>
          </EmptyState>
        )}
      </main>
      <SessionDialog me={me} anew={() => window.location.assign('/portal')} />
    </div>
  );
}

/** The way to one's other profiles, for whoever has several. */
function Profiles() {
  const profiles = useQuery(profilesQuery);
  const change = useMutation({ mutationFn: switchProfile, onSuccess: () => window.location.assign('/'), onError: toast.failed });
  const others = profiles.data?.items.filter((profile) => profile.active && !profile.closed && !profile.current) ?? [];
  if (others.length === 0) return null;
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <IconButton label={t('otherProfiles')}>
          <IconSwitchHorizontal size={18} />
        </IconButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('otherProfiles')}</Menu.Label>
        {others.map((profile) => (
          <Menu.Item key={profile.member} onClick={() => change.mutate(profile.member)}>
            {profile.profile === 'client' ? t('asClient', { name: profile.name ?? '' }) : (profile.name ?? '')}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
