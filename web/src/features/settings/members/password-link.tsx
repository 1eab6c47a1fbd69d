import type { components } from '@/api/schema';
import { moment } from '@/lib/format';
import { texts } from '@/lib/i18n';
import { LinkOnce } from '@/ui/link-once';

const t = texts('settings');

/** A link to choose a password by. It is shown this once, for handing it over. */
export function PasswordLink({ link, name, done }: { link: components['schemas']['PasswordLink']; name: string; done: () => void }) {
  return <LinkOnce about={t('passwordLinkOnce', { name, until: moment(link.expires_at) })} label={t('passwordLink')} link={link.url} done={done} />;
}
