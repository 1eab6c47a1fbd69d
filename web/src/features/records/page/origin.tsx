import { type FocusEvent, type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Popover } from '@/ui/overlays';
import { OriginCard } from './origin-card';
import classes from './record.module.css';
import type { Path } from './values';

/** So long a pointer rests on a value, or a finger on it, before it is told where it comes from, in milliseconds. */
const REST = 450;
/** So long one may take from the value to what is said of it. */
const LEAVE = 180;

/** Tells where a value comes from when a pointer rests on it, Tab reaches it, or a finger stays on it. */
export function Origin({ path, label, children }: { path: Path; label: string; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const timer = useRef<number>(undefined);
  const id = useId();

  useEffect(() => () => clearTimeout(timer.current), []);

  /** Sent away: it stays away until the pointer comes again. */
  const dismissed = useRef(false);

  const stop = () => {
    clearTimeout(timer.current);
    timer.current = undefined;
  };
  const later = (next: boolean, wait: number) => {
    stop();
    timer.current = window.setTimeout(() => {
      timer.current = undefined;
      setOpen(next);
    }, wait);
  };
  const close = () => {
    stop();
    dismissed.current = true;
    setOpen(false);
  };

  const onPointerEnter = (event: PointerEvent) => {
    dismissed.current = false;
    if (event.pointerType === 'mouse') later(true, REST);
  };
  // A value that comes into being below the pointer, such as after an edit, is never entered.
  const onPointerMove = (event: PointerEvent) => {
    if (event.pointerType === 'mouse' && !open && !dismissed.current && timer.current === undefined) later(true, REST);
  };
  const onPointerDown = (event: PointerEvent) => (event.pointerType === 'mouse' ? close() : later(true, REST));
  const onPointerUp = (event: PointerEvent) => event.pointerType !== 'mouse' && !open && stop();
  const onKeyUp = (event: KeyboardEvent) => event.key === 'Tab' && later(true, REST);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && open) {
      event.preventDefault();
      event.stopPropagation();
    }
    close();
  };
  const onBlur = (event: FocusEvent) => !event.currentTarget.contains(event.relatedTarget) && close();

  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" width={320} shadow="md" withRoles={false} withinPortal={false} trapFocus={false} returnFocus={false}>
      <Popover.Target>
        <div
          className={classes.origin}
          aria-describedby={open ? id : undefined}
          onPointerEnter={onPointerEnter}
          onPointerMove={onPointerMove}
          onPointerLeave={(event) => event.pointerType === 'mouse' && later(false, LEAVE)}
          onPointerDown={onPointerDown}
          onPointerUp={onPointerUp}
          onPointerCancel={stop}
          onKeyUp={onKeyUp}
          onKeyDown={onKeyDown}
          onBlur={onBlur}
          onContextMenu={(event) => {
            // A long press asks for this, not for the menu of the browser.
            if ((event.nativeEvent as globalThis.PointerEvent).pointerType === 'touch') event.preventDefault();
          }}
          onClickCapture={(event) => {
            if (!open || (event.nativeEvent as globalThis.PointerEvent).pointerType !== 'touch') return;
            // The finger that stayed does not also edit.
            event.preventDefault();
            event.stopPropagation();
          }}
        >
          {children}
        </div>
      </Popover.Target>
      <Popover.Dropdown id={id} role="tooltip" onPointerEnter={() => later(true, 0)} onPointerLeave={() => later(false, LEAVE)}>
        {open && <OriginCard path={path} label={label} />}
      </Popover.Dropdown>
    </Popover>
  );
}
