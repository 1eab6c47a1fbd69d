import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useReducer, useRef } from 'react';
import { hasCode, Problem } from '@/lib/api/problem';
import { texts } from '@/lib/i18n';
import { records } from '@/lib/records/api';
import { keep, useRecordCommand } from '@/lib/records/queries';
import type { AnyRecord } from '@/lib/records/types';
import { explain } from '@/ui/feedback';
import { toast } from '@/ui/toast';

const t = texts('list');
/** So long a cell says that it is saved, in milliseconds. */
const SAVED_FOR = 2_500;

/** A value on its way to the server, or what became of it. */
export type Edit =
  | { state: 'pending'; shown: unknown }
  | { state: 'saved' }
  | { state: 'refused'; shown: unknown; message: string };

export type Edits = ReadonlyMap<string, Edit>;
/** What becomes of a cell; `after` only if it is in that state. */
type Event = { key: string; edit: Edit | null; after?: Edit['state'] };

export const editKey = (id: string, field: string) => `${id} ${field}`;

export function withEdit(edits: Edits, { key, edit, after }: Event): Edits {
  if (after && edits.get(key)?.state !== after) return edits;
  const next = new Map(edits);
  if (edit) next.set(key, edit);
  else next.delete(key);
  return next;
}

/** Edits of single values in a list: shown at once, sent one after the other for each record. */
export function useEdits(plural: string) {
  const client = useQueryClient();
  const { mutateAsync } = useRecordCommand(plural);
  const [edits, set] = useReducer(withEdit, new Map<string, Edit>());
  const queues = useRef(new Map<string, Promise<number>>());

  const undo = useCallback(
    async (id: string, field: string, version: number) => {
      try {
        await mutateAsync({ do: 'revert', id, toVersion: version, fields: [field] });
      } catch (error) {
        toast.failed(error);
      }
    },
    [mutateAsync],
  );

  const refuse = useCallback(
    async (record: AnyRecord, field: string, shown: unknown, error: unknown) => {
      const key = editKey(record.id, field);
      if (!hasCode(error, 'version_conflict')) {
        const fault = error instanceof Problem ? error.faultOf(field) : undefined;
        set({ key, edit: { state: 'refused', shown, message: fault ?? explain(error) } });
        return record.version;
      }
      set({ key, edit: { state: 'refused', shown, message: t('conflict') } });
      const newer = await records.read(plural, record.id).catch(() => null);
      if (newer) keep(client, plural, newer);
      return newer?.version ?? record.version;
    },
    [client, plural],
  );

  const send = useCallback(
    async (record: AnyRecord, field: { name: string; label: string }, wire: unknown, shown: unknown, version: number) => {
      const key = editKey(record.id, field.name);
      try {
        const changed = await mutateAsync({ do: 'change', id: record.id, changes: { [field.name]: wire }, options: { version } });
        set({ key, edit: { state: 'saved' } });
        setTimeout(() => set({ key, edit: null, after: 'saved' }), SAVED_FOR);
        if (changed.version > version) {
          toast.undoable(t('changed', { field: field.label, name: changed.label }), () => void undo(record.id, field.name, version));
        }
        return changed.version;
      } catch (error) {
        return refuse(record, field.name, shown, error);
      }
    },
    [mutateAsync, refuse, undo],
  );

  /** Sends a value; `shown` stands in the cell until the receipt. */
  const commit = useCallback(
    (record: AnyRecord, field: { name: string; label: string }, wire: unknown, shown: unknown) => {
      set({ key: editKey(record.id, field.name), edit: { state: 'pending', shown } });
      // Each edit builds on the version that the one before made.
      const before = queues.current.get(record.id) ?? Promise.resolve(0);
      const next = before.then((version) => send(record, field, wire, shown, Math.max(version, record.version)));
      queues.current.set(record.id, next);
    },
    [send],
  );

  /** Gives a refused value up. */
  const forget = useCallback((id: string, field: string) => set({ key: editKey(id, field), edit: null }), []);

  return { edits, commit, forget };
}
