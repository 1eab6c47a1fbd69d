/** What was typed into forms that create records. It outlives their closing, not the session. */
import { session } from '@/lib/api/session';
import type { Field } from '@/lib/meta';
import { type Draft, draftOf, isEmpty, parse } from '../fields/draft';

export type Drafts = Readonly<Record<string, Draft>>;

const kept = new Map<string, Drafts>();

session.subscribe(() => {
  // The next one at this screen may be somebody else.
  if (session.state() === 'none') kept.clear();
});

export const keptDrafts = (plural: string): Drafts => kept.get(plural) ?? {};
export const hasDraft = (plural: string): boolean => Object.values(keptDrafts(plural)).some((draft) => !isEmpty(draft));
export const keepDrafts = (plural: string, drafts: Drafts): void => void kept.set(plural, drafts);
export const forget = (plural: string): void => void kept.delete(plural);

export const draftFor = (drafts: Drafts, field: Field): Draft => drafts[field.name] ?? draftOf(field, null);

/** What to send, or what is wrong with which field. Fields without a word are left out. */
export function readDrafts(fields: readonly Field[], drafts: Drafts): { values: Record<string, unknown>; faults: Record<string, string> } {
  const values: Record<string, unknown> = {};
  const faults: Record<string, string> = {};
  for (const field of fields) {
    const draft = draftFor(drafts, field);
    if (isEmpty(draft)) continue;
    const parsed = parse(field, draft);
    if (parsed.ok) values[field.name] = parsed.wire;
    else faults[field.name] = parsed.fault;
  }
  return { values, faults };
}

/** The fields that people fill in most, in this order, as far as the type has them. */
const USUAL = ['name', 'first_name', 'last_name', 'company', 'email', 'phone', 'website', 'status', 'industry', 'city', 'country', 'tags', 'assigned_to'];

/** The fields to begin with, and all the others. */
export function usualFirst(fields: readonly Field[]): { usual: Field[]; others: Field[] } {
  const usual = USUAL.flatMap((name) => fields.filter((field) => field.name === name));
  return { usual, others: fields.filter((field) => !usual.includes(field)) };
}
