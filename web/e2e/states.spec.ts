import type { Route } from '@playwright/test';
import { addContact, found, join, once, type Person, taken } from './support/api';
import { expect, expectAccessible, logIn, test } from './support/fixtures';

const REQUEST = '01890000-0000-7000-8000-000000000000';
/** As the server answers when something of its own fails. */
const failing = (route: Route) =>
  route.fulfill({ status: 500, contentType: 'application/problem+json', body: JSON.stringify({ code: 'internal', detail: 'Something went wrong on the server.', status: 500, errors: [], request_id: REQUEST }) });
const WORDS = /^The server failed at this\. Nothing was changed and what you typed is kept/;

let ada: Person;

test.beforeAll(async () => {
  ada = await found('States', 'Ada Zustand');
});

test('a list with nothing in it yet, one that nothing fits, and a list that there is not, are told apart', async ({ page }) => {
  await logIn(page, ada.email, ada.password);
  await page.goto('/companies');
  await expect(page.getByText('No companies yet')).toBeVisible();
  await expect(page.getByText('The first one you add appears here.')).toBeVisible();
  await expectAccessible(page);
  await page.goto('/companies?q=Nirgends');
  await expect(page.getByText('No match')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Clear search and filters' }).click();
  await expect(page.getByText('No companies yet')).toBeVisible();
  await page.goto('/unicorns');
  await expect(page.getByText('There is no such list')).toBeVisible();
  await page.goto('/nowhere/at/all');
  await expect(page.getByText('There is nothing here')).toBeVisible();
});

test('whoever may not read a kind of record is told so, and is not led there', async ({ page }) => {
  const role = await taken(ada.api.POST('/api/v1/roles', { body: { name: 'Companies only', permissions: { 'companies:read': 'all' } }, headers: once() }));
  const cora = await join(ada, 'Cora Firma', 'sales');
  await taken(ada.api.PUT('/api/v1/members/{id}/roles', { params: { path: { id: cora.member } }, body: { roles: [role.id] }, headers: once() }));
  await logIn(page, cora.email, cora.password);
  await expect(page.getByRole('heading', { level: 1, name: 'Companies' })).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Contacts' })).toHaveCount(0);
  // What a role does not allow is said by the button that would do it.
  await expect(page.getByRole('button', { name: 'New company' })).toHaveAttribute('aria-description', /does not allow adding/);
  await page.goto('/contacts');
  await expect(page.getByText('These are not yours to see')).toBeVisible();
  await expectAccessible(page);
  await page.goto(`/contacts/${REQUEST}`);
  await expect(page.getByText('These are not yours to see')).toBeVisible();
});

test('a list that fails says what happened and under which number, and comes back on trying again', async ({ page }) => {
  await addContact(ada, { first_name: 'Frieda', last_name: 'Fehler' });
  await logIn(page, ada.email, ada.password);
  await page.route('**/api/v1/contacts/search', failing);
  await page.goto('/contacts');
  const alert = page.getByRole('alert');
  await expect(alert.getByText(WORDS)).toBeVisible();
  await expect(alert).toContainText(REQUEST);
  // Only this part failed.
  await expect(page.getByRole('heading', { level: 1, name: 'Contacts' })).toBeVisible();
  await expectAccessible(page);
  await page.unroute('**/api/v1/contacts/search');
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('link', { name: 'Frieda Fehler' })).toBeVisible();
});

test('a record and its history fail each for itself, and there may be no such record', async ({ page }) => {
  const { id } = await addContact(ada, { first_name: 'Ruth', last_name: 'Riss' });
  await logIn(page, ada.email, ada.password);
  await page.route(`**/api/v1/contacts/${id}`, failing);
  await page.goto(`/contacts/${id}`);
  await expect(page.getByText(WORDS)).toBeVisible();
  await page.unroute(`**/api/v1/contacts/${id}`);
  await page.route(`**/api/v1/contacts/${id}/history*`, failing);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Ruth Riss' })).toBeVisible();
  const history = page.getByRole('complementary', { name: 'History' });
  await expect(history.getByText(WORDS)).toBeVisible();
  await expectAccessible(page);
  await page.unroute(`**/api/v1/contacts/${id}/history*`);
  await history.getByRole('button', { name: 'Try again' }).click();
  await expect(history.getByText('created this contact')).toBeVisible();

  await page.goto(`/contacts/${REQUEST}`);
  await expect(page.getByText('There is no such contact')).toBeVisible();
  await expectAccessible(page);
  await page.goto(`/contacts/${id}?version=99`);
  await expect(page.getByText('There is no version 99')).toBeVisible();
});
