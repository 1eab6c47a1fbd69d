/**
 * What became of records of one type, told to the lists that show them: which ones are otherwise now,
 * or that there was too much to tell. `own`: one did it oneself, in this tab.
 */
export type News = { kind: 'changed'; id: string; own: boolean } | { kind: 'reset' };

type Listener = (news: News) => void;

const listeners = new Map<string, Set<Listener>>();

/** Tells the lists of a type that are on the page. */
export function tellLists(plural: string, news: News): void {
  for (const listener of listeners.get(plural) ?? []) listener(news);
}

/** Hears what becomes of the records of a type, until the returned function is called. */
export function hearOf(plural: string, listener: Listener): () => void {
  const heard = listeners.get(plural) ?? new Set();
  listeners.set(plural, heard.add(listener));
  return () => {
    heard.delete(listener);
    if (heard.size === 0) listeners.delete(plural);
  };
}

/** So many of one's own changes are remembered until they come back by the feed. */
const MOST = 500;
const receipts = new Map<string, number>();

/** One's own changes: what a command answered is shown already when the feed tells of it. */
export const own = {
  did(id: string, version: number): void {
    receipts.delete(id);
    receipts.set(id, version);
    const [oldest] = receipts.keys();
    if (receipts.size > MOST && oldest !== undefined) receipts.delete(oldest);
  },
  knows: (id: string, version: number): boolean => (receipts.get(id) ?? 0) >= version,
};
