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

let token: string | null = null;
let state: SessionState = 'unknown';
let renewing: Promise<boolean> | null = null;
let waiting: (() => void)[] = [];
const listeners = new Set<() => void>();

function become(next: SessionState): void {
  state = next;
  for (const listener of listeners) listener();
}

async function ask(): Promise<boolean> {
  let response: Response;
  try {
    response = await fetch('/api/v1/auth/refresh', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    });
  } catch {
    throw Problem.offline();
  }
  if (response.status === 401) {
    token = null;
    localStorage.removeItem(HINT);
    return false;
  }
  const answer: unknown = await response.json().catch(() => ({}));
  if (!response.ok) throw new Problem(answer as object, response.status);
  token = (answer as { access_token: string }).access_token;
  return true;
}

export const session = {
  token: () => token,
  state: () => state,

  /** Keeps the token of a log-in. Whoever waits since a session was over goes on only by `goOn`. */
  opened(accessToken: string): void {
    token = accessToken;
    localStorage.setItem(HINT, '1');
    if (state !== 'expired') become('open');
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

  /** Resolves when somebody has logged in again. */
  untilOpenedAgain(): Promise<void> {
    if (state !== 'expired') become('expired');
    return new Promise((resolve) => waiting.push(resolve));
  },

  /** The session is over, and everything that was loaded in it with it. */
  closed(): void {
    token = null;
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
