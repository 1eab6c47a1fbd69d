import { type FocusEvent, type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';
import { texts } from '@/lib/i18n';
import type { Field } from '@/lib/meta';
import { type Draft, draftOf, parse, sameDraft } from './draft';
import classes from './editor.module.css';
import { FieldInput } from './editor-input';

const t = texts('record');
const SEVERAL_LINES: ReadonlySet<string> = new Set(['long_text', 'texts']);

/** Whether Enter, in a list of values, adds what is typed or marked, rather than ending the edit. */
function adds(target: EventTarget): boolean {
  return target instanceof HTMLInputElement && (target.value.trim() !== '' || target.hasAttribute('aria-activedescendant'));
}

interface FieldEditorProps {
  field: Field;
  /** As records carry it. */
  value: unknown;
  /** `value` as commands take it (references by id, `null` clears); `shown` as records will carry it. */
  onCommit: (value: unknown, shown: unknown) => void;
  onCancel: () => void;
  autoFocus?: boolean;
  /** Why the server refused what stands here. */
  error?: string | undefined;
  pending?: boolean;
  /** Tells whether what stands here differs from the value. */
  onDirty?: (dirty: boolean) => void;
}

/**
 * Edits one value in the place where it stands: Enter or leaving it commits (`mod+Enter` in long
 * texts), Esc cancels, an untouched one cancels by itself. What cannot be read stays, with the reason.
 */
export function FieldEditor({ field, value, onCommit, onCancel, autoFocus, error, pending, onDirty }: FieldEditorProps) {
  const [start] = useState(() => draftOf(field, value));
  const [draft, setDraft] = useState(start);
  const [fault, setFault] = useState<string>();
  const latest = useRef(draft);
  const settled = useRef(false);
  const work = useRef<Promise<unknown>>(Promise.resolve());
  const root = useRef<HTMLDivElement>(null);

  useEffect(() => {
    settled.current = false;
  }, [error, pending]);

  const change = useCallback(
    (next: Draft) => {
      latest.current = next;
      setDraft(next);
      setFault(undefined);
      onDirty?.(!sameDraft(start, next));
    },
    [onDirty, start],
  );

  const cancel = () => {
    if (settled.current) return;
    settled.current = true;
    onDirty?.(false);
    onCancel();
  };

  const commitNow = () => {
    if (settled.current) return;
    if (root.current?.querySelector('input')?.validity.badInput) return setFault(t('wholeDate'));
    if (sameDraft(start, latest.current) && !error) return cancel();
    const parsed = parse(field, latest.current);
    if (!parsed.ok) return setFault(parsed.fault);
    settled.current = true;
    onCommit(parsed.wire, parsed.shown);
  };

  // A tag that is being made belongs to what is committed.
  const commit = () => void work.current.then(commitNow);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      cancel();
    } else if (event.key === 'Enter' && (!SEVERAL_LINES.has(field.kind) || event.metaKey || event.ctrlKey)) {
      event.preventDefault();
      event.stopPropagation();
      if (field.kind !== 'choices' || !adds(event.target)) commit();
    }
  };

  const onBlur = (event: FocusEvent) => {
    if (event.relatedTarget instanceof Node && root.current?.contains(event.relatedTarget)) return;
    // What was refused and not touched since waits for whoever typed it, wherever they look meanwhile.
    if (error && sameDraft(start, latest.current)) return;
    commit();
  };

  return (
    <div ref={root} className={classes.editor} onKeyDown={onKeyDown} onBlur={onBlur}>
      <FieldInput
        field={field}
        draft={draft}
        onDraft={change}
        onPick={(picked) => {
          change(picked);
          commitNow();
        }}
        hold={(making) => {
          work.current = Promise.allSettled([work.current, making]);
        }}
        error={fault ?? error}
        autoFocus={autoFocus ?? false}
        disabled={pending ?? false}
        inline
      />
    </div>
  );
}
