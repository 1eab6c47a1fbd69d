import { Link, Outlet } from '@tanstack/react-router';
import { texts } from '@/lib/i18n';
import { useMeta } from '@/lib/meta';
import { ReauthenticateDialog } from '@/features/auth/reauthenticate-dialog';
import classes from './shell.module.css';

const t = texts('shell');
const common = texts('common');

/** What stands around every page of the staff: navigation, header, the page. */
export function Shell() {
  const meta = useMeta();
  return (
    <div className={classes.shell}>
      <a className="skip-link" href="#main">
        {common('skipToContent')}
      </a>
      <nav className={classes.sidebar} aria-label={t('mainNavigation')}>
        {meta.record_types
          .filter((type) => type.may['read'])
          .map((type) => (
            <Link key={type.plural} to="/$plural" params={{ plural: type.plural }} className={classes.link ?? ''}>
              {type.label_plural}
            </Link>
          ))}
        <Link to="/settings" className={classes.link ?? ''}>
          {t('settings')}
        </Link>
      </nav>
      <main id="main" tabIndex={-1} className={classes.main}>
        <Outlet />
      </main>
      <ReauthenticateDialog />
    </div>
  );
}
