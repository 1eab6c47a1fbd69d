import { texts } from '@/lib/i18n';
import { Page, Section } from '@/ui/page';
import { shownDetails } from './details';
import { PageLink } from './path';
import classes from './portal.module.css';
import type { PortalMe } from './queries';

const t = texts('portal');

/** Where one arrives: who serves one, and what they know of oneself. */
export function HomePage({ mine }: { mine: PortalMe }) {
  const details = shownDetails(mine.details);
  return (
    <Page title={t('welcome', { name: mine.display_name })} narrow>
      <Section title={t('contactPerson')}>
        <p>
          {mine.contact_person
            ? t('contactPersonIs', { person: mine.contact_person, organization: mine.organization.name ?? '' })
            : t('contactPersonNone', { organization: mine.organization.name ?? '' })}
        </p>
      </Section>
      <Section title={t('details')} description={t('detailsKept')}>
        <dl className={classes.details}>
          {details.map(({ name, label, text }) => (
            <div key={name}>
              <dt>{label}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
        <PageLink to="details" className={classes.link}>
          {t('changeDetails')}
        </PageLink>
      </Section>
    </Page>
  );
}
