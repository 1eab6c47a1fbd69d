import { Modal as MantineModal, type ModalProps } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';

/**
 * Where the focus was when a dialog opened is where it goes when the dialog is gone. The library does so
 * only for dialogs that are there before they open; most of ours come and go.
 */
function useWayBack(opened: boolean): void {
  const [held, setHeld] = useState({ opened, from: opened ? document.activeElement : null });
  // While rendering, for once the dialog is there the focus is in it.
  if (held.opened !== opened) setHeld({ opened, from: opened ? document.activeElement : held.from });
  const { from } = held;
  const timer = useRef(0);

  useEffect(() => {
    if (!opened) return undefined;
    window.clearTimeout(timer.current);
    return () => {
      const last = document.activeElement;
      timer.current = window.setTimeout(() => {
        const now = document.activeElement;
        // Whoever has taken the focus meanwhile keeps it.
        const free = now === null || now === document.body || now === last;
        if (free && from instanceof HTMLElement && from.isConnected) from.focus({ preventScroll: true });
      });
    };
  }, [opened, from]);
}

/** A dialog over the page. It holds the focus while it is open, and gives it back. */
export function Modal(props: ModalProps) {
  useWayBack(props.opened);
  return <MantineModal {...props} returnFocus={false} />;
}
