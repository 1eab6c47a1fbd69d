import { useSyncExternalStore } from 'react';
import { position } from './position';
import { Problem } from './problem';

/**
 * The session of this tab. The access token lives in memory only; the refresh token is a cookie that
 * no script can read.
 *
 * - `unknown`: not asked yet. - `none`: a stranger. - `open`: logged in.
 * - `expired`: was logged in; whoever waits goes on after logging in again.
 */
export type SessionState = 'unknown' | 'none' | 'open' | 'expired';

/** Remembers that there may be a session, so that strangers need not ask for one. No secret. */
const HINT = 'hindsight-session';
/** Held by the one tab that renews, since a refresh token is good once. */
const LOCK = 'hindsight-refresh';

/** Whose a session is. */
interface Owner {
  user: string;
  member: string;
}

let token: string | null = null;
let state: SessionState = 'unknown';
/** Whose the page is: everything on it was loaded as theirs. */
let owner: Owner | null = null;
/** The session that the browser has instead, since another tab went over to another profile or log-in. */
let other: (Owner & { token: string }) | null = null;
let renewing: Promise<boolean> | null = null;
let waiting: (() => void)[] = [];
const listeners = new Set<() => void>();

function become(next: SessionState): void {
  state = next;
  for (const listener of listeners) listener();
}

/** The server alone judges tokens; this only tells one's own from another's. */
function ownerOf(accessToken: string): Owner {
  const payload = (accessToken.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
  const { sub, mem } = JSON.parse(atob(payload)) as { sub: string; mem: string };
  return { user: sub, member: mem };
}

function keep(accessToken: string): void {
  token = accessToken;
  other = null;
}

/** The token that is granted there; none, if there is no session to get it by. */
async function granted(path: 'refresh' | 'switch', body: object, bearer?: string): Promise<string | null> {
  let response: Response;
  try {
    response = await fetch(`/api/v1/auth/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` }) },
      body: JSON.stringify(body),
    });
  } catch {
    throw Problem.offline();
  }
  if (response.status === 401) return null;
  const answer: unknown = await response.json().catch(() => ({}));
  if (!response.ok) throw new Problem(answer as object, response.status);
  return (answer as { access_token: string }).access_token;
}

async function ask(): Promise<boolean> {
  const renewed = await granted('refresh', {});
  if (renewed === null) {
    token = null;
    other = null;
    localStorage.removeItem(HINT);
    return false;
  }
  const whose = ownerOf(renewed);
  // What is on the page is not sent as somebody else's.
  if (owner && owner.member !== whose.member) {
    token = null;
    other = { ...whose, token: renewed };
    return false;
  }
  owner = whose;
  keep(renewed);
  return true;
}

export const session = {
  token: () => token,
  state: () => state,
  /** As who the page is open. */
  member: () => owner?.member ?? null,
  /** Of an expired session: whether the browser has another's since, and if so, of the same user. */
  elsewhere: (): 'same user' | 'somebody else' | null => (other === null ? null : other.user === owner?.user ? 'same user' : 'somebody else'),

  /** Keeps the token of a log-in. Whoever waits since a session was over goes on only by `goOn`. */
  opened(accessToken: string): void {
    keep(accessToken);
    localStorage.setItem(HINT, '1');
    if (state === 'expired') return;
    owner = ownerOf(accessToken);
    become('open');
  },

  /** Comes back to the profile that the page shows, from another of the same user's; tells whether one is there. */
  async back(): Promise<boolean> {
    // What the browser had when the dialog came has run out, or is another by now.
    if (await session.renew()) return true;
    const back = session.elsewhere() === 'same user' ? await granted('switch', { member: owner?.member }, other?.token) : null;
    if (back === null) {
      // The dialog asks for a log-in instead.
      become('expired');
      return false;
    }
    session.opened(back);
    return true;
  },

  /**
   * Lets those go on who wait since the session was over. What they send is one person's: only after
   * it is known that the same one is back.
   */
  goOn(): void {
    become('open');
    const resumed = waiting;
    waiting = [];
    for (const resume of resumed) resume();
  },

  /** Opens the session that the browser still has; tells whether there is one. */
  async resume(): Promise<boolean> {
    // Of a session that is over, the dialog asks for it.
    if (state === 'open' || state === 'expired') return true;
    if (!localStorage.getItem(HINT)) {
      become('none');
      return false;
    }
    const found = await session.renew();
    become(found ? 'open' : 'none');
    return found;
  },

  /** Gets another access token; tells whether there was a session to get it from. */
  renew(): Promise<boolean> {
    renewing ??= navigator.locks.request(LOCK, ask).finally(() => {
      renewing = null;
    });
    return renewing;
  },

  /** The session has ended by itself, or elsewhere: it is asked for again. */
  over(): void {
    if (state === 'open') become('expired');
  },

  /** Resolves when one has logged in again. */
  untilOpenedAgain(): Promise<void> {
    if (state !== 'expired') become('expired');
    return new Promise((resolve) => waiting.push(resolve));
  },

  /** The session is over, and everything that was loaded in it with it. */
  closed(): void {
    token = null;
    owner = null;
    other = null;
    localStorage.removeItem(HINT);
    position.reset();
    become('none');
  },

  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

export function useSessionState(): SessionState {
  return useSyncExternalStore(session.subscribe, session.state);
}

/** Of an expired session, what the browser has since. */
export function useElsewhere(): ReturnType<typeof session.elsewhere> {
  return useSyncExternalStore(session.subscribe, session.elsewhere);
}

/** Whoever logs in again in one tab need not do so in the others. */
async function comeBack(): Promise<void> {
  if (await session.renew()) session.goOn();
  else become('expired');
}

window.addEventListener('storage', ({ key, newValue }) => {
  // Of what fails here the dialog is still there.
  if (key === HINT && newValue !== null && state === 'expired') comeBack().catch(() => undefined);
});
