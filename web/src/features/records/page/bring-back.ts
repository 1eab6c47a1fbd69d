import type { Field } from '@/lib/meta';
import type { AnyRecord } from '@/lib/records/types';
import type { Edit } from './conflicts';
import { customKey, type Path, valueAt } from './values';

/** What is sent together to bring values back. */
export interface Part {
  /** Reverted to the version; else set, as anybody could set them. */
  revert: boolean;
  edits: Edit[];
}

/**
 * Values of an earlier version as edits of the present one. Fields are reverted, which brings back what
 * could not be set by hand any more. The server reverts custom values only all together; so those that
 * are meant are set, each by its key, and the others stay as they are.
 */
export function attemptsToBringBack(fields: readonly Field[], on: AnyRecord, from: AnyRecord, paths: readonly Path[]): Part[] {
  const edits = [...new Set(paths)].map((path): Edit => {
    const label = customKey(path) ?? fields.find((field) => field.name === path)?.label ?? path;
    return { path, label, base: valueAt(on, path), mine: valueAt(from, path) };
  });
  const custom = edits.filter(({ path }) => customKey(path) !== null);
  const others = edits.filter(({ path }) => customKey(path) === null);
  return [
    { revert: true, edits: others },
    { revert: false, edits: custom },
  ].filter((part) => part.edits.length > 0);
}
