/**
 * The token that a link from a mail carries behind its `#`, where it reaches no server's log. It is
 * taken out of the address bar before anything else looks at the address, kept in memory, and goes
 * nowhere but into the body of the call that it is for.
 */
let taken: { page: string; token: string } | null = null;

/** The token in the fragment of an address; `null` if there is none that could be one. */
export function tokenIn(fragment: string): string | null {
  const found = new URLSearchParams(fragment.replace(/^#/, '')).get('token');
  return found !== null && /^[\w-]{16,200}$/.test(found) ? found : null;
}

/** Takes the token out of the address bar, and out of the entry of the browser's history. */
export function takeToken(): void {
  const { hash, pathname, search } = window.location;
  const token = tokenIn(hash);
  if (token === null) return;
  taken = { page: pathname, token };
  window.history.replaceState(window.history.state, '', pathname + search);
}

/** The token that this page was opened with. */
export function tokenOf(page: string): string | null {
  return taken?.page === page ? taken.token : null;
}

/** Takes tokens now, and of links that are pasted into the address bar while the page is open. */
export function watchForTokens(): void {
  takeToken();
  window.addEventListener('hashchange', () => {
    // Only the fragment changed, so that the browser loads nothing; the page shall begin anew.
    if (tokenIn(window.location.hash) !== null) window.location.reload();
  });
}
