import { IconChevronLeft } from '@tabler/icons-react';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { Suspense } from 'react';
import { sameMoment, useAsOf } from '@/lib/as-of';
import { texts } from '@/lib/i18n';
import { useViewAs } from '@/lib/view-as';
import { Alert, EmptyState, Skeleton } from '@/ui/feedback';
import { Stack } from '@/ui/layout';
import { useAreas, useMayOpen } from './navigation';
import classes from './settings.module.css';

const t = texts('settings');

/** The settings: a list of them, and beside it the one that is open. On a phone one follows the other. */
export function SettingsLayout() {
  const pathname = useLocation({ select: (at) => at.pathname });
  const mayOpen = useMayOpen(pathname);
  const asOf = useAsOf();
  const seenAs = useViewAs();
  if (/^\/settings\/?$/.test(pathname)) return <Outlet />;
  return (
    <div className={classes.layout}>
      <Navigation />
      <div className={classes.content}>
        <Link to="/settings" search={sameMoment} className={classes.back ?? ''}>
          <IconChevronLeft size={16} aria-hidden />
          {t('title')}
        </Link>
        {asOf && <Alert className={classes.past ?? ''}>{t('shownAsNow')}</Alert>}
        <fieldset className={classes.fieldset} disabled={asOf !== undefined || seenAs !== null}>
          <Suspense fallback={<Waiting />}>
            {mayOpen ? <Outlet /> : <NotAllowed />}
          </Suspense>
        </fieldset>
      </div>
    </div>
  );
}

function Navigation() {
  return (
    <nav className={classes.navigation} aria-label={t('title')}>
      {useAreas().map((area) => (
        <div key={area.label}>
          <p className={classes.area}>{area.label}</p>
          {area.places.map((place) => (
            <Link key={place.to} to={place.to} search={sameMoment} className={classes.link ?? ''} activeOptions={{ includeSearch: false }}>
              {place.label}
            </Link>
          ))}
        </div>
      ))}
    </nav>
  );
}

function NotAllowed() {
  return (
    <EmptyState page kind="notAllowed" title={t('notAllowed')}>
      {t('notAllowedAdvice')}
    </EmptyState>
  );
}

function Waiting() {
  return (
    <Stack gap="md" p="lg" aria-busy>
      <Skeleton height={26} width={180} />
      <Skeleton height={120} />
      <Skeleton height={120} />
    </Stack>
  );
}
