import type { Page, Route } from '@playwright/test';
import { addContact, changeContact, found, once, type Person, taken } from './support/api';
import { expect, logIn, logOut, test } from './support/fixtures';
import { listenIn } from './support/live';

const grid = (page: Page) => page.getByRole('grid', { name: 'Contacts, list' });

let ada: Person;

test.beforeAll(async () => {
  ada = await found('Always Awake', 'Ada Wach');
});

/** Keeps a page's calls of an address from the server until they are let go. */
async function hold(page: Page, address: string): Promise<{ asked: Promise<unknown>; letGo: () => void }> {
  let letGo = () => {};
  const free = new Promise<void>((done) => (letGo = done));
  const asked = page.waitForRequest((request) => new URL(request.url()).pathname === address);
  await page.route(`**${address}`, async (route) => {
    await free;
    // The page that asked may be gone by now.
    await route.continue().catch(() => undefined);
  });
  return { asked, letGo };
}

/** Moves a contact to another city, and waits until lists show it: what comes after hears nothing of it. */
async function move(id: string, city: string): Promise<void> {
  await changeContact(ada, id, { city });
  await expect.poll(async () => JSON.stringify(await taken(ada.api.GET('/api/v1/contacts')))).toContain(`"city":"${city}"`);
}

test('what somebody changes while a page is still loading is on it', async ({ page }) => {
  const contact = await addContact(ada, { first_name: 'Fritz', last_name: 'Frueh', city: 'Rome' });
  await logIn(page, ada.email, ada.password);
  const feed = await hold(page, '/api/v1/live');
  await page.goto('/contacts?q=Frueh');
  await expect(grid(page).getByText('Rome')).toBeVisible();
  await feed.asked;
  await move(contact.id, 'Turin');
  feed.letGo();
  await expect(grid(page).getByText('Turin')).toBeVisible();
});

test('what somebody changes while a record is on its way is on the page', async ({ page }) => {
  const contact = await addContact(ada, { first_name: 'Udo', last_name: 'Unterwegs', city: 'Rome' });
  await logIn(page, ada.email, ada.password);
  let letGo = () => {};
  const free = new Promise<void>((done) => (letGo = done));
  let fetched = () => {};
  const read = new Promise<void>((done) => (fetched = done));
  const late = async (route: Route) => {
    const response = await route.fetch();
    fetched();
    await free;
    await route.fulfill({ response });
  };
  await page.route(`**/api/v1/contacts/${contact.id}`, late, { times: 1 });
  await page.goto(`/contacts/${contact.id}`);
  const heard = await listenIn(page, ada);
  await read;
  await changeContact(ada, contact.id, { city: 'Essen' });
  await expect.poll(async () => (await heard()).length).toBeGreaterThan(0);
  letGo();
  await expect(page.locator('[data-path="city"] dd')).toContainText('Essen');
});

test('what is told before another tab listens is on it as well', async ({ page, context }) => {
  const statuses = await taken(ada.api.GET('/api/v1/picklists/{list}', { params: { path: { list: 'status' } } }));
  const id = statuses.values.find(({ key }) => key === 'prospect')?.id ?? '';
  const address = `/contacts?filter=${encodeURIComponent(JSON.stringify({ all: [{ field: 'status', op: 'eq', value: id }] }))}`;
  const offered = async (on: Page, label: string) => {
    await on.getByRole('button', { name: 'Filter: 1 condition' }).click();
    await expect(on.getByRole('form', { name: 'Filter' }).getByRole('combobox', { name: 'Status' })).toHaveValue(label);
  };
  await logIn(page, ada.email, ada.password);
  await page.goto(address);
  await offered(page, 'Prospect');
  const other = await context.newPage();
  const self = await hold(other, '/api/v1/users/me');
  const described = other.waitForResponse('**/api/v1/meta');
  await other.goto(address);
  await Promise.all([self.asked, described]);
  await taken(ada.api.PATCH('/api/v1/picklists/{list}/values/{id}', { params: { path: { list: 'status', id }, header: once() }, body: { label: 'Hopeful' } }));
  await expect(page.getByRole('form', { name: 'Filter' }).getByRole('combobox', { name: 'Status' })).toHaveValue('Hopeful');
  self.letGo();
  await offered(other, 'Hopeful');
  await other.close();
});

test('when the tab that listened for all is closed, nothing is missed until another does', async ({ page, context }) => {
  const contact = await addContact(ada, { first_name: 'Erna', last_name: 'Erbin', city: 'Rome' });
  await logIn(page, ada.email, ada.password);
  await page.goto('/contacts?q=Erbin');
  await expect(grid(page).getByText('Rome')).toBeVisible();
  await changeContact(ada, contact.id, { city: 'Paris' });
  await expect(grid(page).getByText('Paris')).toBeVisible();
  const other = await context.newPage();
  const feed = await hold(other, '/api/v1/live');
  await other.goto('/contacts?q=Erbin');
  await expect(grid(other).getByText('Paris')).toBeVisible();
  await page.close();
  await feed.asked;
  await move(contact.id, 'Graz');
  feed.letGo();
  await expect(grid(other).getByText('Graz')).toBeVisible();
});

test('whoever logs in after somebody else waits for nothing that the other has seen', async ({ page }) => {
  for (const city of ['Rome', 'Paris', 'Wien']) await addContact(ada, { first_name: 'Vera', last_name: 'Viel', city });
  const eve = await found('Next Door', 'Eve Andere');
  await addContact(eve, { first_name: 'Nina', last_name: 'Neu' });
  await logIn(page, ada.email, ada.password);
  await page.goto('/contacts?q=Viel');
  await expect(grid(page).getByText('Wien')).toBeVisible();
  await logOut(page);
  const searched = page.waitForRequest('**/api/v1/contacts/search');
  await page.getByLabel('E-mail or username').fill(eve.email);
  await page.getByLabel('Password', { exact: true }).fill(eve.password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('link', { name: 'Nina Neu' })).toBeVisible();
  // A position of the other's log would be waited for in vain.
  const { last } = await taken(eve.api.GET('/api/v1/audit', { params: { query: { limit: 1 } } })).then(({ items }) => ({ last: Number(items[0]?.position) }));
  const asked = Number((await (await searched).allHeaders())['hindsight-min-position'] ?? 0);
  expect(asked).toBeLessThanOrEqual(last);
});
