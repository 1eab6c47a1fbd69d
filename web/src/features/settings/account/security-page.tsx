import { texts } from '@/lib/i18n';
import { Page, Section } from '@/ui/page';
import { PasswordForm } from './password-form';
import { SecondFactor } from './second-factor';
import { SessionList } from './session-list';

const t = texts('settings');

/** How one shows who one is, and where one is logged in. */
export function SecurityPage() {
  return (
    <Page title={t('security')} narrow>
      <Section title={t('password')} description={t('passwordAbout')}>
        <PasswordForm />
      </Section>
      <Section title={t('secondFactor')} description={t('secondFactorAbout')}>
        <SecondFactor />
      </Section>
      <Section title={t('sessions')} description={t('sessionsAbout')}>
        <SessionList />
      </Section>
    </Page>
  );
}
