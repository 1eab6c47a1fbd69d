import { Problem } from './api/problem';

/** Styles that did not arrive. The loader of parts asks for each but once. */
const lost = new Set<HTMLLinkElement>();
let attempts = 0;

window.addEventListener(
  'error',
  ({ target }) => {
    if (target instanceof HTMLLinkElement && target.rel === 'stylesheet') lost.add(target);
  },
  true,
);

function askAgain(link: HTMLLinkElement): Promise<unknown> {
  lost.delete(link);
  const again = link.cloneNode() as HTMLLinkElement;
  return new Promise((resolve, reject) => {
    again.onload = resolve;
    again.onerror = reject;
    link.replaceWith(again);
  });
}

/**
 * Loads a part of the interface. Browsers remember for good that a module did not arrive, so none is
 * asked for while there is no connection. (Without a network, a server on the same machine answers still.)
 */
export async function loadPart<T>(load: () => Promise<T>): Promise<T> {
  if (!navigator.onLine) {
    await fetch('/healthz', { cache: 'no-store' }).catch(() => {
      throw Problem.offline();
    });
  }
  await Promise.all([...lost].map(askAgain));
  return load();
}

/** Loads a module anew that did not arrive, as `error` tells: under another name, since the browser remembers the one. */
export async function loadAgain<T>(load: () => Promise<T>, error: unknown): Promise<T> {
  const [address] = /\bhttps?:[^\s?]+/.exec(String(error)) ?? [];
  attempts += 1;
  return loadPart(address ? () => import(/* @vite-ignore */ `${address}?again=${attempts}`) as Promise<T> : load);
}
