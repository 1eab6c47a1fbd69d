import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Problem } from '@/lib/api/problem';
import { texts } from '@/lib/i18n';
import { explain } from './feedback';

const t = texts('common');
/** How long one can undo from the toast, in milliseconds. */
const UNDO_FOR = 8_000;

const closing = () => ({ 'aria-label': t('close') });

let latestUndo: (() => void) | null = null;

function once(undo: () => void, id: string): () => void {
  const run = () => {
    notifications.hide(id);
    if (latestUndo === run) latestUndo = null;
    undo();
  };
  return run;
}

export const toast = {
  /** Says that something is done. Good news waits for its turn; a failure interrupts whoever listens. */
  done(message: string): void {
    notifications.show({ message, role: 'status', color: 'teal', autoClose: 4_000, closeButtonProps: closing() });
  },

  /** Says that something is done, and how to take it back: by the button, or by `mod+Z`. */
  undoable(message: string, undo: () => void): void {
    const id = crypto.randomUUID();
    const run = once(undo, id);
    latestUndo = run;
    notifications.show({
      id,
      role: 'status',
      closeButtonProps: closing(),
      autoClose: UNDO_FOR,
      message: (
        <Group justify="space-between" wrap="nowrap">
          <span>{message}</span>
          <Button variant="subtle" onClick={run}>
            {t('undo')}
          </Button>
        </Group>
      ),
      onClose: () => {
        if (latestUndo === run) latestUndo = null;
      },
    });
  },

  /** Says that something failed, and under which request the server's log tells more. */
  failed(error: unknown): void {
    const id = error instanceof Problem && error.requestId ? ` ${t('requestId', { id: error.requestId })}` : '';
    notifications.show({ message: `${explain(error)}${id}`, role: 'alert', color: 'red', autoClose: 10_000, closeButtonProps: closing() });
  },

  /** Undoes what the newest toast offers to; tells whether there was one. */
  undoLatest(): boolean {
    const undo = latestUndo;
    undo?.();
    return undo !== null;
  },
};
