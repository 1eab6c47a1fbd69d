import { useQueryClient } from '@tanstack/react-query';
import { hasCode } from '@/lib/api/problem';
import { texts } from '@/lib/i18n';
import { keys, useRecordCommand } from '@/lib/records/queries';
import type { AnyRecord } from '@/lib/records/types';
import { toast } from '@/ui/toast';

const t = texts('record');
const common = texts('common');

/** Deletes and restores records: at once, with a way back. */
export function useActs(plural: string) {
  const client = useQueryClient();
  const command = useRecordCommand(plural);

  const failed = (id: string) => (error: unknown) => {
    // Whoever acted did so on something old: show them what it is now.
    if (hasCode(error, 'version_conflict', 'not_found')) void client.invalidateQueries({ queryKey: keys.one(plural, id) });
    toast.failed(error);
  };

  const run = (act: 'remove' | 'restore', record: AnyRecord) => {
    const back = act === 'remove' ? 'restore' : 'remove';
    command.mutate(
      { do: act, id: record.id, options: { version: record.version } },
      {
        onSuccess: (since) =>
          toast.undoable(t(act === 'remove' ? 'deletedToast' : 'restoredToast', { name: record.label }), () => {
            command.mutate(
              { do: back, id: since.id, options: { version: since.version } },
              { onSuccess: () => toast.done(t(back === 'remove' ? 'deletedToast' : 'restoredToast', { name: record.label })), onError: failed(record.id) },
            );
          }),
        onError: failed(record.id),
      },
    );
  };

  return {
    pending: command.isPending,
    remove: (record: AnyRecord) => run('remove', record),
    restore: (record: AnyRecord) => run('restore', record),
    copyLink: async (record: AnyRecord) => {
      await navigator.clipboard.writeText(`${location.origin}/${plural}/${record.id}`);
      toast.done(common('copied'));
    },
  };
}
