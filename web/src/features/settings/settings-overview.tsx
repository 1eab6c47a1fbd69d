import { Link } from '@tanstack/react-router';
import { sameMoment } from '@/lib/as-of';
import { texts } from '@/lib/i18n';
import { Page, Section } from '@/ui/page';
import { useAreas } from './navigation';
import classes from './settings.module.css';

const t = texts('settings');

/** What there is to set, in words. */
export function SettingsOverview() {
  return (
    <Page title={t('title')} narrow>
      {useAreas().map((area) => (
        <Section key={area.label} title={area.label}>
          <ul className={classes.overview}>
            {area.places.map((place) => (
              <li key={place.to}>
                <Link to={place.to} search={sameMoment} className={classes.place ?? ''}>
                  <strong>{place.label}</strong>
                  <span className={classes.about}>{place.about}</span>
                </Link>
              </li>
            ))}
          </ul>
        </Section>
      ))}
    </Page>
  );
}
