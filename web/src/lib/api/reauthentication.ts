import { useSyncExternalStore } from 'react';

/**
 * What would do great harm in the hands of somebody who found an open browser, the server does only for
 * who showed within the last minutes who they are. The refused call waits here while a dialog asks, and
 * is sent again after it.
 */
let waiting: ((shown: boolean) => void)[] = [];
const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

function settle(shown: boolean): void {
  const told = waiting;
  waiting = [];
  tell();
  for (const resolve of told) resolve(shown);
}

export const reauthentication = {
  /** Resolves when somebody has shown who they are (`true`), or would not (`false`). */
  ask(): Promise<boolean> {
    return new Promise((resolve) => {
      waiting = [...waiting, resolve];
      tell();
    });
  },
  /** They have shown who they are: what waits goes on. */
  shown: () => settle(true),
  /** They would not: what waits is refused. */
  declined: () => settle(false),
  asked: () => waiting.length > 0,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** Whether somebody is asked at the moment who they are. */
export function useReauthenticationAsked(): boolean {
  return useSyncExternalStore(reauthentication.subscribe, reauthentication.asked);
}
