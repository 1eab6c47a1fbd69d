import { IconLock, IconPencil } from '@tabler/icons-react';
import { type ReactNode, useRef, useState } from 'react';
import { texts } from '@/lib/i18n';
import type { Field } from '@/lib/meta';
import { Button, UnstyledButton } from '@/ui/button';
import { Tooltip } from '@/ui/overlays';
import { FieldEditor } from '../fields/editor';
import { useScene } from './context';
import { Origin } from './origin';
import classes from './record.module.css';
import { SaveMark } from './save-mark';
import { ShownValue } from './shown-value';
import { type Path, valueAt } from './values';

const t = texts('record');
const common = texts('common');

interface FieldRowProps {
  path: Path;
  field: Field;
  /** What else can be done to the value. */
  actions?: ReactNode;
}

/** A value with its name: it opens for editing where it stands, and says how the saving goes. */
export function FieldRow({ path, field, actions }: FieldRowProps) {
  const { type, record, readOnly, saving, setDirty } = useScene();
  /** What was seen when the editor opened. */
  const [editing, setEditing] = useState<{ base: unknown; version: number } | null>(null);
  const [refocus, setRefocus] = useState(false);
  const row = useRef<HTMLDivElement>(null);
  const slot = saving.slots[path];
  const refused = slot?.state === 'refused' ? slot : null;
  const now = valueAt(record, path);
  const shown = slot?.state === 'pending' ? slot.mine : now;
  const locked = readOnly !== null || field.read_only;
  const open = refused ? { base: refused.base, version: refused.version } : editing;

  const close = () => {
    // Whoever ends it by a key goes on from here; whoever clicked elsewhere is there already.
    setRefocus(row.current?.contains(document.activeElement) ?? false);
    setDirty(path, false);
    setEditing(null);
    if (refused) saving.drop(path);
  };

  const commit = (mine: unknown) => {
    if (!open) return;
    close();
    void saving.save({ edits: [{ path, label: field.label, base: open.base, mine }], version: open.version });
  };

  if (open && !locked) {
    return (
      <div ref={row} className={classes.row} data-path={path}>
        <dt className={classes.name}>{field.label}</dt>
        <dd className={classes.cell}>
          <FieldEditor
            // Back from a choice between mine and theirs it takes the focus again.
            key={`${refused ? 'refused' : 'open'} ${saving.clash ? 'asked' : ''}`}
            field={field}
            value={refused ? refused.mine : open.base}
            onCommit={(_, mine) => commit(mine)}
            onCancel={close}
            autoFocus={!saving.clash && (!refused || refocus)}
            error={refused?.message}
            onDirty={(dirty) => setDirty(path, dirty)}
          />
        </dd>
      </div>
    );
  }
  return (
    <div className={classes.row} data-path={path}>
      <dt className={classes.name}>
        {field.label}
        {field.read_only && (readOnly === null || readOnly === 'viewing') && (
          <Tooltip label={t('fieldReadOnly')}>
            <span role="img" aria-label={t('fieldReadOnly')} tabIndex={0} className={classes.lock}>
              <IconLock size={14} aria-hidden />
            </span>
          </Tooltip>
        )}
      </dt>
      <dd className={classes.cell}>
        <Origin path={path} label={field.label}>
          {!locked && (
            <UnstyledButton
              className={classes.cover ?? ''}
              aria-label={t('editField', { field: field.label })}
              autoFocus={refocus}
              onBlur={() => setRefocus(false)}
              onClick={() => setEditing({ base: shown, version: record.version })}
            >
              <IconPencil size={14} aria-hidden className={classes.pencil} />
            </UnstyledButton>
          )}
          <span className={classes.value}>
            <ShownValue type={type} path={path} label={field.label} value={shown} dash />
          </span>
        </Origin>
        <SaveMark slot={slot} />
        {actions}
        <DifferenceNote path={path} />
      </dd>
    </div>
  );
}

/** How an earlier version differs here, and the way to bring its value back. */
function DifferenceNote({ path }: { path: Path }) {
  const { type, record, differing, comparedWith, restorable, bringBack, present, frozen } = useScene();
  const difference = differing.get(path);
  const back = restorable.get(path);
  if (!difference && !back) return null;
  return (
    <div className={classes.differs}>
      {difference && (
        <span>
          {comparedWith} <ShownValue type={type} path={path} label={difference.label} value={difference.from} />
        </span>
      )}
      {back && !difference && (
        <span>
          {t('nowIs')} <ShownValue type={type} path={path} label={back.label} value={back.from} />
        </span>
      )}
      {back && present?.allowed?.edit && !frozen && (
        <Button variant="subtle" size="compact-sm" onClick={() => bringBack(record.version, [path])} aria-label={t('restoreField', { field: back.label })}>
          {common('restore')}
        </Button>
      )}
    </div>
  );
}
