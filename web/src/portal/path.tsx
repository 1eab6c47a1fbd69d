import { type MouseEvent, type ReactNode, useSyncExternalStore } from 'react';

/** The pages of the portal; the address says which one is shown. */
export const PAGES = { home: '/portal', details: '/portal/details', password: '/portal/password' } as const;
export type PageName = keyof typeof PAGES;

/** The page that an address shows; `null` if there is none. */
export function pageAt(path: string): PageName | null {
  const plain = path.replace(/\/+$/, '');
  const found = (Object.entries(PAGES) as [PageName, string][]).find(([, address]) => address === plain);
  return found?.[0] ?? null;
}

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('popstate', listener);
  };
}

export function go(page: PageName): void {
  window.history.pushState(null, '', PAGES[page]);
  window.scrollTo(0, 0);
  for (const listener of listeners) listener();
}

export function usePage(): PageName | null {
  return pageAt(useSyncExternalStore(subscribe, () => window.location.pathname));
}

/** A link to a page of the portal. It is a link for the browser too: a new tab, its address. */
export function PageLink({ to, className, children }: { to: PageName; className?: string | undefined; children: ReactNode }) {
  const here = usePage() === to;
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a href={PAGES[to]} className={className} aria-current={here ? 'page' : undefined} onClick={follow}>
      {children}
    </a>
  );
}
