import { Link } from '@tanstack/react-router';
import { texts } from '@/lib/i18n';
import { useTitle } from '@/ui/page';
import { Title } from '@/ui/text';
import classes from './front-page.module.css';
import { useSignUp } from './who-may-sign-up';

const common = texts('common');
const t = texts('auth');

/** What it is, and the ways in. */
export function FrontPage() {
  useTitle('');
  const signUp = useSignUp();
  const facts = [
    [t('factAsOf'), t('factAsOfText')],
    [t('factUndo'), t('factUndoText')],
    [t('factWhy'), t('factWhyText')],
    [t('factProof'), t('factProofText')],
  ] as const;
  return (
    <main className={classes.main}>
      <header className={classes.head}>
        <Title order={1}>{common('appName')}</Title>
        <p className={classes.tagline}>{common('tagline')}</p>
        <nav className={classes.ways} aria-label={t('waysIn')}>
          <Link to="/login" className={classes.first}>
            {t('logIn')}
          </Link>
          {signUp.known && !signUp.why && (
            <Link to="/signup" className={classes.second}>
              {t('signUp')}
            </Link>
          )}
        </nav>
        {signUp.why && <p className={classes.why}>{signUp.why}</p>}
      </header>
      <dl className={classes.facts}>
        {facts.map(([what, how]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{how}</dd>
          </div>
        ))}
      </dl>
      <p className={classes.foot}>
        {t('clientsHere')} <a href="/portal">{t('toPortal')}</a>
        {' · '}
        <a href="/api/docs/">{t('apiDocs')}</a>
      </p>
    </main>
  );
}
