import type { Page } from '@playwright/test';
import { addContact, enter, found, join, once, openAccount, taken } from './support/api';
import { expect, expectAccessible, logIn, test } from './support/fixtures';
import { allRoutes } from './support/routes';
import { OWNER } from './support/server';

const ROUTES = allRoutes();
const TOKEN = `#token=${'A'.repeat(64)}`;

const of = (who: (typeof ROUTES)[number]['who']) => ROUTES.filter((route) => route.who === who).map((route) => route.path);

/** An address with something real in the place of each parameter. */
function filled(path: string, values: Record<string, string>): string {
  return path.replace(/\$(\w+)/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`say in this file what stands for $${name} in ${path}`);
    return value;
  });
}

async function settled(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeAttached();
  await expect(page.locator('[aria-busy=true], .mantine-Skeleton-root')).toHaveCount(0);
}

async function inScheme(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await expect(page.locator(`html[data-mantine-color-scheme=${colorScheme}]`)).toBeAttached();
  // However short it is, the way from one colour to the other goes through ones that nobody chose.
  await expect.poll(() => page.evaluate(() => document.getAnimations().filter((each) => each instanceof CSSTransition).length)).toBe(0);
}

/** As long as a slow machine may take over looking at a page, in milliseconds. */
const A_PAGE = 30_000;

/** Whether a page is whole in both schemes, wide and on a phone. What is said of colours alone needs no second look at the rest. */
async function examine(page: Page, path: string): Promise<void> {
  test.setTimeout(test.info().timeout + A_PAGE);
  await test.step(path, async () => {
    // An address that differs in its fragment alone would load nothing anew.
    await page.goto('about:blank');
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(path);
    await settled(page);
    await expectAccessible(page);
    await inScheme(page, 'dark');
    await expectAccessible(page, 'color-contrast');
    await page.setViewportSize({ width: 360, height: 740 });
    await settled(page);
    await expectAccessible(page);
    await inScheme(page, 'light');
    await expectAccessible(page, 'color-contrast');
    const wide = await page.evaluate(() => {
      const beyond = [...document.querySelectorAll('body *')].filter((each) => each.getBoundingClientRect().right > innerWidth + 1);
      return document.documentElement.scrollWidth > innerWidth ? beyond.map((each) => each.outerHTML.slice(0, 120)) : [];
    });
    expect(wide, `${path} is wider than a phone`).toEqual([]);
  });
}

test('every page for strangers is whole, in both schemes, wide and on a phone', async ({ page }) => {
  const staff = await found('Open Door', 'Olga Offen');
  const organization = await taken(staff.api.PATCH('/api/v1/organization', { body: { self_registration: true }, params: { header: once() } }));
  const key = organization.registration_key ?? '';
  for (const path of of('strangers').filter((each) => each !== '/barred')) {
    await examine(page, filled(path, { key }));
    // Without the link of a mail some pages only say that it is missing.
    await examine(page, filled(path, { key: 'nobody' }) + TOKEN);
  }
});

test('every page for staff is whole, in both schemes, wide and on a phone', async ({ owner: page }) => {
  const api = await enter(OWNER.email, OWNER.password());
  const [{ items: contacts }, { items: members }, { items: roles }] = await Promise.all([
    taken(api.GET('/api/v1/contacts', { params: { query: { limit: 1, sort: 'name' } } })) as Promise<{ items: { id: string }[] }>,
    taken(api.GET('/api/v1/members')),
    taken(api.GET('/api/v1/roles')),
  ]);
  const id = contacts[0]?.id ?? '';
  const values = { plural: 'contacts', id, member: members[0]?.id ?? '', role: roles.find((role) => role.builtin === 'sales')?.id ?? '' };
  // What pages show besides, as their addresses say it.
  const more = ['/companies', '/contacts?q=nobodyiscalledthis', `/contacts?open=${id}`, `/contacts/${id}?version=1&against=now`, `/contacts?as_of=${encodeURIComponent(new Date().toISOString())}`, '/nowhere/at/all'];
  for (const path of [...of('staff').map((path) => filled(path, values)), ...more]) await examine(page, path);
});

test('every page for clients is whole, in both schemes, wide and on a phone', async ({ page }) => {
  const staff = await found('Open House', 'Olga Haus');
  const contact = await addContact(staff, { full_name: 'Carl Client', city: 'Bern' });
  const client = await openAccount(staff, contact.id);
  await examine(page, '/portal');
  await logIn(page, client.email, client.password);
  for (const path of [...of('clients'), '/portal/nowhere']) await examine(page, path);
});

test('the page for whoever may not enter is whole, in both schemes, wide and on a phone', async ({ page }) => {
  const staff = await found('Shut House', 'Olga Zu');
  const sam = await join(staff, 'Sam Draussen', 'sales');
  await taken(staff.api.PATCH('/api/v1/organization', { body: { maintenance: true }, params: { header: once() } }));
  await logIn(page, sam.email, sam.password);
  await examine(page, '/barred');
});
