/**
 * Records and lists that one was on lately. Kept for each member of each organization apart, by the names
 * that the things had then, and only as long as the tab: names of people do not stay on the disk.
 */
export interface Recent {
  kind: 'record' | 'list';
  plural: string;
  /** Of the record, or of the view; empty for a list without one. */
  id: string;
  label: string;
}

const PREFIX = 'hindsight-recents:';
const MOST = 8;

const isRecent = (value: unknown): value is Recent =>
  typeof value === 'object' && value !== null && ['kind', 'plural', 'id', 'label'].every((name) => typeof (value as Record<string, unknown>)[name] === 'string');

const same = (one: Recent, other: Recent) => one.kind === other.kind && one.plural === other.plural && one.id === other.id;

export const recents = {
  /** What a member was on, the latest first. */
  of(member: string): Recent[] {
    try {
      const kept: unknown = JSON.parse(sessionStorage.getItem(PREFIX + member) ?? '[]');
      return Array.isArray(kept) ? kept.filter(isRecent) : [];
    } catch {
      return [];
    }
  },

  remember(member: string, recent: Recent): void {
    const others = recents.of(member).filter((each) => !same(each, recent));
    sessionStorage.setItem(PREFIX + member, JSON.stringify([recent, ...others].slice(0, MOST)));
  },

  /** Forgets everything of everybody. */
  forget(): void {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  },
};
