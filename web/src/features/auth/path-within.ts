/** Pages that are for strangers: nobody who is in shall be led there. */
const OUTSIDE = /^\/(login|signup|forgot-password|barred)?(?:[/?#]|$)/;

/** An address if it is a page of this site for somebody who is in; otherwise `undefined`. */
export function pathWithin(value: string | undefined): string | undefined {
  if (!value?.startsWith('/')) return undefined;
  // As the browser reads it: it takes `\` for `/`, and drops tabs and line ends.
  const url = URL.canParse(value, 'https://this.invalid') ? new URL(value, 'https://this.invalid') : null;
  if (url?.origin !== 'https://this.invalid') return undefined;
  const path = url.pathname + url.search + url.hash;
  return path.startsWith('//') || OUTSIDE.test(path) ? undefined : path;
}
