import { spoken, useAllShortcuts } from '@/lib/hotkeys';
import { texts } from '@/lib/i18n';
import { Modal } from '@/ui/overlays';
import { Kbd } from '@/ui/text';
import classes from './cheat-sheet.module.css';

const t = texts('shell');

/** All keys that work on this page. */
export function CheatSheet({ close }: { close: () => void }) {
  const all = useAllShortcuts();
  const newest = new Map(all.map((shortcut) => [shortcut.keys, shortcut.label]));
  return (
    <Modal opened onClose={close} title={t('shortcuts')}>
      <dl className={classes.list}>
        {[...newest].map(([keys, label]) => (
          <div key={keys} className={classes.row}>
            <dt>{label}</dt>
            <dd>
              <Kbd>{spoken(keys)}</Kbd>
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
