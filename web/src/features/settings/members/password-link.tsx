import type { components } from '@/api/schema';
import { moment } from '@/lib/format';
import { texts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { CopyField } from '@/ui/copy';
import classes from '../settings.module.css';

const t = texts('settings');
const common = texts('common');

/** A link to choose a password by. It is shown this once, for handing it over. */
export function PasswordLink({ link, name, done }: { link: components['schemas']['PasswordLink']; name: string; done: () => void }) {
  return (
    <div className={classes.once} role="status">
      <p>{t('passwordLinkOnce', { name, until: moment(link.expires_at) })}</p>
      <CopyField label={t('passwordLink')} value={link.url} />
      <Button mt="md" variant="default" onClick={done}>
        {common('done')}
      </Button>
    </div>
  );
}
