import { useSuspenseQuery } from '@tanstack/react-query';
import { texts } from '@/lib/i18n';
import { useMay, useMe } from '@/lib/meta';
import { Alert } from '@/ui/feedback';
import { Page, Section } from '@/ui/page';
import { organizationQuery } from '../shared/queries';
import { CloseOrganization } from './close-organization';
import { OrganizationForm } from './organization-form';
import { OrganizationHistory } from './organization-history';

const t = texts('settings');

/** What the organization is called and how it counts, with everything that it ever was. */
export function OrganizationPage() {
  const { data: settings } = useSuspenseQuery(organizationQuery);
  const mayChange = useMay('organization:update');
  const me = useMe();
  return (
    <Page title={t('organization')} narrow>
      {!mayChange && <Alert>{t('organizationReadOnly')}</Alert>}
      <OrganizationForm settings={settings} readOnly={!mayChange} />
      <Section title={t('history')} description={t('organizationHistoryAbout')}>
        <OrganizationHistory settings={settings} mayChange={mayChange} />
      </Section>
      {me.owner && <CloseOrganization settings={settings} />}
    </Page>
  );
}
