/** Records that were opened lately, in this tab's session: names of people do not stay on the disk. */
export interface Recent {
  plural: string;
  id: string;
  label: string;
}

const KEY = 'hindsight-recents';
const MOST = 8;

export function recents(): Recent[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? (kept as Recent[]) : [];
  } catch {
    return [];
  }
}

export function remember(record: Recent): void {
  const others = recents().filter(({ id }) => id !== record.id);
  sessionStorage.setItem(KEY, JSON.stringify([record, ...others].slice(0, MOST)));
}
