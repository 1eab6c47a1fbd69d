import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { texts } from '@/lib/i18n';
import { keys, type RecordCommand, useRecordCommand } from '@/lib/records/queries';
import type { AnyRecord } from '@/lib/records/types';
import { Problem } from '@/lib/api/problem';
import { explain } from '@/ui/feedback';
import { toast } from '@/ui/toast';
import { type Conflict, type Edit, judge, type Meanwhile, meanwhileOf } from './conflicts';
import { changesOf, type Path } from './values';

const t = texts('record');
/** How long a value says that it is saved, in milliseconds. */
const SAVED_FOR = 2_500;

/** Edits that are to be saved together, on what their author saw. */
export interface Attempt {
  edits: readonly Edit[];
  version: number;
  /** They bring back values of that version, rather than set new ones. */
  toVersion?: number;
}

type Progress = { state: 'pending' | 'saved' } | { state: 'refused'; message: string };
/** How the last edit of a value goes. */
export type Slot = Edit & { version: number } & Progress;

/** An attempt that met somebody else's, until it is chosen whose values stand. */
export interface Clash {
  attempt: Attempt;
  conflicts: readonly Conflict[];
  /** Edits of it that are not in conflict. */
  free: readonly Edit[];
  meanwhile: Meanwhile;
}

export interface Saving {
  slots: Readonly<Record<Path, Slot>>;
  clash: Clash | null;
  /** Saves edits; resolves with the record since, or with `null` if they were not saved. */
  save: (attempt: Attempt) => Promise<AnyRecord | null>;
  /** Forgets an edit that was refused. */
  drop: (path: Path) => void;
  /** Closes the choice between mine and theirs; what was typed stays in its editors. */
  leaveClash: () => void;
  /** Whether anything waits that was refused. */
  refused: () => boolean;
  /** Resolves when nothing is under way any more. */
  settled: () => Promise<void>;
}

/** What to say below a value that the server refused. */
function messageFor(error: unknown, path: Path): string {
  const fault = error instanceof Problem ? error.faults.find((each) => each.pointer === `/${path}` || each.pointer.startsWith(`/${path}/`)) : undefined;
  return fault?.message ?? (error instanceof Problem && error.faults.length === 1 ? error.faults[0]?.message : undefined) ?? explain(error);
}

function commandOf(id: string, edits: readonly Edit[], { version, toVersion }: Attempt): RecordCommand {
  return toVersion === undefined
    ? { do: 'change', id, changes: changesOf(edits), options: { version } }
    : { do: 'revert', id, toVersion, fields: edits.map((edit) => edit.path), options: { version } };
}

/**
 * Saves edits of one record, one attempt after the other. Each is sent with the version that its author
 * saw; where somebody else changed other values meanwhile it goes on by itself, where they changed the
 * same ones it asks.
 */
export function useSaving(plural: string, id: string): Saving {
  const client = useQueryClient();
  const { mutateAsync } = useRecordCommand(plural);
  const [slots, setSlots] = useState<Record<Path, Slot>>({});
  const [clash, setClash] = useState<Clash | null>(null);
  const queue = useRef<Promise<unknown>>(Promise.resolve());
  const here = useRef(true);
  /** The same as `slots`, for those who cannot wait for the page to be drawn. */
  const latest = useRef(slots);

  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);

  const acts = useMemo(() => {
    const update = (change: (before: Record<Path, Slot>) => Record<Path, Slot>) => {
      latest.current = change(latest.current);
      setSlots(latest.current);
    };
    const keepOnly = (keep: (path: Path, slot: Slot) => boolean) =>
      update((before) => Object.fromEntries(Object.entries(before).filter(([path, slot]) => keep(path, slot))));
    const put = (edits: readonly Edit[], version: number, how: (edit: Edit) => Progress) =>
      update((before) => ({ ...before, ...Object.fromEntries(edits.map((edit) => [edit.path, { ...edit, version, ...how(edit) }])) }));
    const drop = (paths: readonly Path[]) => keepOnly((path) => !paths.includes(path));

    const saved = (edits: readonly Edit[], version: number) => {
      put(edits, version, () => ({ state: 'saved' }));
      const paths = edits.map((edit) => edit.path);
      setTimeout(() => keepOnly((path, slot) => slot.state !== 'saved' || !paths.includes(path)), SAVED_FOR);
    };

    const carryOut = async (attempt: Attempt): Promise<AnyRecord | null> => {
      let { edits, version } = attempt;
      for (;;) {
        try {
          const record = await mutateAsync(commandOf(id, edits, { ...attempt, version }));
          saved(attempt.edits, record.version);
          return record;
        } catch (error) {
          const meanwhile = meanwhileOf(error);
          if (!meanwhile) {
            // Whoever has left the page is told where they are.
            if (here.current) put(edits, version, (edit) => ({ state: 'refused', message: messageFor(error, edit.path) }));
            if (!here.current || attempt.toVersion !== undefined) toast.failed(error);
            return null;
          }
          void client.invalidateQueries({ queryKey: keys.one(plural, id) });
          const { conflicts, free } = judge(edits, meanwhile);
          if (conflicts.length > 0) {
            put(edits, version, () => ({ state: 'refused', message: t('changedMeanwhile') }));
            if (here.current) setClash({ attempt: { ...attempt, edits, version }, conflicts, free, meanwhile });
            else toast.failed(error);
            return null;
          }
          drop(edits.filter((edit) => !free.includes(edit)).map((edit) => edit.path));
          if (free.length === 0) return null;
          edits = free;
          version = meanwhile.version;
        }
      }
    };

    return {
      save: (attempt: Attempt) => {
        put(attempt.edits, attempt.version, () => ({ state: 'pending' }));
        const next = queue.current.then(() => carryOut(attempt));
        queue.current = next;
        return next;
      },
      drop: (path: Path) => drop([path]),
      refused: () => Object.values(latest.current).some((slot) => slot.state === 'refused'),
      leaveClash: () => setClash(null),
      settled: async () => {
        await queue.current;
      },
    };
  }, [client, id, mutateAsync, plural]);
  return { ...acts, slots, clash };
}
