import { IconArrowsMaximize, IconChevronDown, IconChevronUp, IconX } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { spoken, useShortcuts } from '@/lib/hotkeys';
import { texts } from '@/lib/i18n';
import { useRecordType } from '@/lib/meta';
import { IconButton } from '@/ui/button';
import classes from './panel.module.css';
import { RecordView } from './record-view';

const t = texts('record');
const common = texts('common');

interface RecordPanelProps {
  plural: string;
  id: string;
  onClose: () => void;
  onNext?: (() => void) | undefined;
  onPrevious?: (() => void) | undefined;
}

/**
 * A record beside its list. J and K go to the next and the previous one, `mod+Enter` opens the page of
 * its own, Esc closes it. It does not bar what it stands beside.
 */
export function RecordPanel({ plural, id, onClose, onNext, onPrevious }: RecordPanelProps) {
  const type = useRecordType(plural);
  const navigate = useNavigate();
  const panel = useRef<HTMLElement>(null);

  useEffect(() => {
    const before = document.activeElement;
    panel.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);

  const open = () =>
    void navigate({
      to: '/$plural/$id',
      params: { plural, id },
      search: (before: Record<string, unknown>) => (before['as_of'] ? { as_of: String(before['as_of']) } : {}),
    });

  useShortcuts([
    { keys: 'mod+Enter', label: t('openPage'), about: 'record', run: open },
    ...(onNext ? [{ keys: 'j', label: t('nextRecord'), about: 'record' as const, run: onNext }] : []),
    ...(onPrevious ? [{ keys: 'k', label: t('previousRecord'), about: 'record' as const, run: onPrevious }] : []),
  ]);

  const onKeyDown = (event: KeyboardEvent) => {
    // What lies above the panel closes first.
    const inside = event.target instanceof Node && panel.current?.contains(event.target);
    if (event.key === 'Escape' && !event.defaultPrevented && inside) onClose();
  };

  if (!type) return null;
  return (
    <aside ref={panel} className={classes.panel} aria-label={t('panel', { type: type.label })} tabIndex={-1} onKeyDown={onKeyDown}>
      <div className={classes.bar}>
        <IconButton label={common('previous')} shortcut="K" disabled={!onPrevious} onClick={onPrevious}>
          <IconChevronUp size={16} aria-hidden />
        </IconButton>
        <IconButton label={common('next')} shortcut="J" disabled={!onNext} onClick={onNext}>
          <IconChevronDown size={16} aria-hidden />
        </IconButton>
        <span className={classes.space} />
        <IconButton label={t('openPage')} shortcut={spoken('mod+Enter')} onClick={open}>
          <IconArrowsMaximize size={16} aria-hidden />
        </IconButton>
        <IconButton label={common('close')} shortcut="Esc" onClick={onClose}>
          <IconX size={16} aria-hidden />
        </IconButton>
      </div>
      <RecordView key={id} type={type} id={id} layout="panel" />
    </aside>
  );
}
