import { texts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { Group } from '@/ui/layout';
import classes from './portal-account.module.css';

const common = texts('common');

interface AskingProps {
  warning: string;
  /** What is done. */
  label: string;
  pending: boolean;
  onYes: () => void;
  onNo: () => void;
}

/** Says what comes of an act that cannot be undone, before it is done. */
export function Asking({ warning, label, pending, onYes, onNo }: AskingProps) {
  return (
    <div className={classes.asking} role="group" aria-label={label}>
      <p>{warning}</p>
      <Group gap="sm">
        <Button color="red.9" loading={pending} onClick={onYes}>
          {label}
        </Button>
        <Button variant="default" autoFocus onClick={onNo}>
          {common('cancel')}
        </Button>
      </Group>
    </div>
  );
}
