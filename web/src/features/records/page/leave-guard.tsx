import { useBlocker } from '@tanstack/react-router';
import { texts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { Group, Stack } from '@/ui/layout';
import { Modal } from '@/ui/overlays';
import { useScene } from './context';

const t = texts('record');

/** Whether one stays on the same record in the same state. */
function stays(current: { pathname: string; search: object }, next: { pathname: string; search: object }): boolean {
  const of = (search: object, name: string) => (search as Record<string, unknown>)[name];
  return current.pathname === next.pathname && ['open', 'version', 'as_of'].every((name) => of(current.search, name) === of(next.search, name));
}

/** Keeps people from losing what they typed: waits for what is being saved, and asks about what is not. */
export function LeaveGuard({ dirty, isDirty }: { dirty: boolean; isDirty: () => boolean }) {
  const { saving } = useScene();
  const unsaved = dirty || Object.values(saving.slots).some((slot) => slot.state !== 'saved');
  const blocker = useBlocker({
    shouldBlockFn: async ({ current, next }) => {
      if (stays(current, next)) return false;
      // Leaving the page leaves the editor too, which saves what is in it.
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      await new Promise((resolve) => setTimeout(resolve));
      await saving.settled();
      return isDirty() || saving.refused();
    },
    enableBeforeUnload: unsaved,
    disabled: !unsaved,
    withResolver: true,
  });

  return (
    <Modal opened={blocker.status === 'blocked'} onClose={() => blocker.reset?.()} title={t('leaveTitle')}>
      <Stack gap="md">
        <p>{t('leaveLead')}</p>
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={() => blocker.reset?.()}>
            {t('stay')}
          </Button>
          <Button color="red.9" onClick={() => blocker.proceed?.()}>
            {t('leave')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
