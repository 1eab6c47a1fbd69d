import type { APIRequestContext } from '@playwright/test';
import { expect, test } from './support/fixtures';

/** Budgets in bytes, as gzip sends them: strict. */
const ENTRY_SCRIPTS = 230_000;
const ENTRY_STYLES = 25_000;
const ROUTE_SCRIPTS = 60_000;
/** A bound on what a person waits for, in milliseconds: loose, since machines differ. */
const LONG = 5_000;

async function gzipped(request: APIRequestContext, path: string): Promise<number> {
  const answer = await request.get(path, { headers: { 'accept-encoding': 'gzip' } });
  expect(answer.ok(), path).toBe(true);
  // The smallest files are compressed as they are sent, of unknown length: their own is a bound.
  return Number(answer.headers()['content-length'] ?? (await answer.body()).length);
}

function loaded(html: string, ending: string): string[] {
  return [...html.matchAll(/"(\/app\/[^"]+)"/g)].map(([, path = '']) => path).filter((path) => path.endsWith(ending));
}

async function sum(request: APIRequestContext, paths: string[]): Promise<number> {
  const sizes = await Promise.all(paths.map((path) => gzipped(request, path)));
  return sizes.reduce((total, size) => total + size, 0);
}

for (const path of ['/login', '/portal']) {
  test(`what ${path} loads at once stays within the budget`, async ({ request }) => {
    const html = await (await request.get(path, { headers: { accept: 'text/html' } })).text();
    expect(loaded(html, '.js').length).toBeGreaterThan(0);
    expect(await sum(request, loaded(html, '.js'))).toBeLessThanOrEqual(ENTRY_SCRIPTS);
    expect(await sum(request, loaded(html, '.css'))).toBeLessThanOrEqual(ENTRY_STYLES);
  });
}

for (const path of ['/contacts', '/settings/roles', '/audit']) {
  test(`what ${path} loads beside the entry stays within the budget, and is there soon`, async ({ owner: page, request }) => {
    const html = await (await request.get(path, { headers: { accept: 'text/html' } })).text();
    const entry = new Set(loaded(html, '.js'));
    const own = new Set<string>();
    // A page of its own: what the one before still loads is not this one's.
    const fresh = await page.context().newPage();
    fresh.on('request', (asked) => {
      const { pathname } = new URL(asked.url());
      if (pathname.endsWith('.js') && !entry.has(pathname)) own.add(pathname);
    });
    const began = Date.now();
    await fresh.goto(path);
    await expect(fresh.getByRole('heading', { level: 1 })).toBeVisible();
    expect(Date.now() - began).toBeLessThan(LONG);
    expect(await sum(request, [...own])).toBeLessThanOrEqual(ROUTE_SCRIPTS);
  });
}
