/**
 * Seeing as a role sees: every request of this tab carries the role, the server shows no more than that
 * role would, and refuses whatever would change something. It lasts as long as the tab, over reloads.
 */
const KEPT = 'hindsight-view-as';

export interface ViewedRole {
  id: string;
  name: string;
}

function kept(): ViewedRole | null {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(KEPT) ?? 'null');
    return typeof value === 'object' && value !== null && 'id' in value && 'name' in value ? (value as ViewedRole) : null;
  } catch {
    return null;
  }
}

let role = kept();

export const viewAs = {
  /** The role that is seen as, if any. */
  role: () => role,

  /** Starts. Everything that is loaded was loaded with other eyes, so the page begins anew. */
  start(seen: ViewedRole): void {
    sessionStorage.setItem(KEPT, JSON.stringify({ id: seen.id, name: seen.name }));
    location.assign('/home');
  },

  /** Ends, and goes back to the role. */
  stop(): void {
    const seen = role;
    role = null;
    sessionStorage.removeItem(KEPT);
    location.assign(seen ? `/settings/roles/${encodeURIComponent(seen.id)}` : '/home');
  },
};

/** The role that this tab sees as. It changes only with a fresh page. */
export const useViewAs = (): ViewedRole | null => viewAs.role();
