import { texts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { CopyField } from '@/ui/copy';
import classes from '../settings.module.css';

const t = texts('settings');

/** Codes that are shown this once. */
export function RecoveryCodes({ codes, kept }: { codes: string[]; kept: () => void }) {
  return (
    <div className={classes.once} role="status">
      <p>{t('recoveryAbout')}</p>
      <ul className={classes.codes}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <CopyField label={t('recoveryAll')} value={codes.join(' ')} />
      <Button mt="md" onClick={kept}>
        {t('recoveryKept')}
      </Button>
    </div>
  );
}
