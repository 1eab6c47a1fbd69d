import { createContext, useContext } from 'react';
import type { Frozen } from '@/lib/frozen';
import type { RecordType } from '@/lib/meta';
import type { AnyRecord } from '@/lib/records/types';
import type { Saving } from './saving';
import type { Difference, Path } from './values';

/** Why nothing can be changed here. */
export type ReadOnly = 'past' | 'deleted' | 'notAllowed' | 'viewing';

/** What the parts of a record's page share. */
export interface RecordScene {
  type: RecordType;
  /** The record as it is shown: now, or at a version or moment. */
  record: AnyRecord;
  /** The record as it is now, as far as it is known. */
  present: AnyRecord | undefined;
  readOnly: ReadOnly | null;
  /** Why nothing on the page can be changed, whatever the record allows. */
  frozen: Frozen | null;
  /** Whether an earlier version or moment is shown. */
  past: boolean;
  /** What differs from what the shown version is compared with. */
  differing: ReadonlyMap<Path, Difference>;
  /** What that is, to stand before a value of it, such as "Now:". */
  comparedWith: string;
  /** What the shown version would change if it were restored. */
  restorable: ReadonlyMap<Path, Difference>;
  saving: Saving;
  /** Tells that an editor holds what is not saved. */
  setDirty: (path: Path, dirty: boolean) => void;
  /** Brings back values of a version. */
  bringBack: (toVersion: number, paths: readonly Path[]) => void;
}

export const SceneContext = createContext<RecordScene | null>(null);

export function useScene(): RecordScene {
  const scene = useContext(SceneContext);
  if (!scene) throw new Error('A part of a record stands outside of its page.');
  return scene;
}
