import { Button } from '@mantine/core';
import { texts } from '@/lib/i18n';
import { CopyField } from './copy';
import classes from './link-once.module.css';

const t = texts('common');

/** A link that lets somebody in. It is shown this once, for handing it over. */
export function LinkOnce({ about, label, link, done }: { about: string; label: string; link: string; done: () => void }) {
  return (
    <div className={classes.once} role="status">
      <p>{about}</p>
      <CopyField label={label} value={link} />
      <Button mt="md" variant="default" onClick={done}>
        {t('done')}
      </Button>
    </div>
  );
}
