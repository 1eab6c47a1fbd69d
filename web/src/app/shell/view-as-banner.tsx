import { IconEye } from '@tabler/icons-react';
import { texts } from '@/lib/i18n';
import { useViewAs, viewAs } from '@/lib/view-as';
import { Button } from '@/ui/button';
import classes from './as-of.module.css';

const t = texts('shell');

/** Says that one sees as a role sees, and leads back. */
export function ViewAsBanner() {
  const role = useViewAs();
  if (!role) return null;
  return (
    <div role="status" className={classes.banner}>
      <IconEye size={18} aria-hidden />
      <span className={classes.grow}>{t('viewAsBanner', { role: role.name })}</span>
      <Button variant="default" onClick={viewAs.stop}>
        {t('viewAsStop')}
      </Button>
    </div>
  );
}
