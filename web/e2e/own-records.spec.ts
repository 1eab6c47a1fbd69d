import type { Page } from '@playwright/test';
import { addContact, changeContact, found, join, type Person, taken } from './support/api';
import { expect, logIn, test } from './support/fixtures';
import { listenIn } from './support/live';

const grid = (page: Page) => page.getByRole('grid', { name: 'Contacts, list' });
const count = (page: Page) => page.getByRole('main').getByRole('status').first();

let owner: Person;
let sam: Person;

test.beforeAll(async () => {
  owner = await found('Reach and Sons', 'Olive Owner');
  sam = await join(owner, 'Sam Seller', 'sales');
});

/** A pair of contacts, one of them Sam's, whom the same words find. */
async function pair(family: string) {
  const [mine, foreign] = await Promise.all([
    addContact(owner, { first_name: 'Mira', last_name: family, city: 'Rome', assigned_to: sam.member }),
    addContact(owner, { first_name: 'Fanny', last_name: family, city: 'Oslo', assigned_to: owner.member }),
  ]);
  return { mine, foreign };
}

test('a salesperson finds their own records and no others: by list, search, filter, palette and in the past', async ({ page }) => {
  await pair('Zwilling');
  await logIn(page, sam.email, sam.password);
  const filter = encodeURIComponent(JSON.stringify({ all: [{ field: 'last_name', op: 'eq', value: 'Zwilling' }] }));
  const past = encodeURIComponent(new Date().toISOString());
  for (const search of ['?q=Zwilling', `?filter=${filter}`, `?q=Zwilling&as_of=${past}`]) {
    await page.goto(`/contacts${search}`);
    await expect(grid(page).getByRole('link', { name: 'Mira Zwilling' })).toBeVisible();
    await expect(count(page)).toHaveText('1 record');
    await expect(page.getByText('Fanny')).toHaveCount(0);
  }
  await page.goto('/contacts');
  await expect(count(page)).toHaveText(/record/);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Search everything, or type a command' })).toBeFocused();
  await page.keyboard.type('Zwilling');
  const found = page.getByRole('listbox', { name: 'Results' }).getByRole('option');
  await expect(found.filter({ hasText: 'Zwilling' })).toHaveCount(1);
  await expect(found.filter({ hasText: 'Zwilling' })).toContainText('Mira Zwilling');
});

test('a colleague’s record is as if it were not there, whatever its address asks for', async ({ page }) => {
  const { mine, foreign } = await pair('Grenze');
  const past = encodeURIComponent(new Date().toISOString());
  await logIn(page, sam.email, sam.password);
  for (const search of ['', '?version=1', `?as_of=${past}`]) {
    await page.goto(`/contacts/${foreign.id}${search}`);
    await expect(page.getByText('There is no such contact')).toBeVisible();
    await expect(page.getByText('Fanny')).toHaveCount(0);
  }
  await page.goto(`/contacts?open=${foreign.id}`);
  await expect(page.getByRole('complementary', { name: 'Contact beside the list' }).getByText('There is no such contact')).toBeVisible();
  // Their own they have with its history.
  await page.goto(`/contacts/${mine.id}`);
  await expect(page.getByRole('complementary', { name: 'History' }).getByText('created this contact')).toBeVisible();
});

test('a salesperson has their own recycle bin, and neither audit nor the settings of the organization', async ({ page }) => {
  const { mine, foreign } = await pair('Papierkorb');
  for (const { id } of [mine, foreign]) await taken(owner.api.DELETE('/api/v1/contacts/{id}', { params: { path: { id } } }));
  await logIn(page, sam.email, sam.password);
  await page.goto('/recycle-bin');
  await expect(page.getByRole('link', { name: 'Mira Papierkorb' })).toBeVisible();
  await expect(page.getByText('Fanny')).toHaveCount(0);
  await expect(page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Audit' })).toHaveCount(0);
  for (const path of ['/audit', '/audit/rights', '/settings/roles', '/settings/invitations', '/settings/instance']) {
    await page.goto(path);
    await expect(page.getByText('Not yours to see')).toBeVisible();
  }
});

test('what is assigned to a salesperson appears, what is taken from them goes, and of the rest they hear nothing', async ({ page }) => {
  const { mine, foreign } = await pair('Wandel');
  await logIn(page, sam.email, sam.password);
  await page.goto('/contacts?q=Wandel');
  await expect(count(page)).toHaveText('1 record');
  const heard = await listenIn(page, sam);

  // Once the first is told, whatever the page missed while it was loading is behind it.
  await changeContact(owner, mine.id, { city: 'Padua' });
  await expect.poll(heard).toContain(mine.id);
  const before = (await heard()).length;
  await changeContact(owner, foreign.id, { city: 'Bergen' });
  await changeContact(owner, mine.id, { city: 'Turin' });
  await expect(grid(page).getByText('Turin')).toBeVisible();
  // Changes are told in their order, so that the one before was passed over.
  await expect.poll(async () => (await heard()).slice(before)).toEqual([mine.id]);

  await changeContact(owner, foreign.id, { assigned_to: sam.member });
  await expect(grid(page).getByRole('link', { name: 'Fanny Wandel' })).toBeVisible();
  await expect(count(page)).toHaveText('2 records');

  await page.goto(`/contacts/${mine.id}`);
  await expect(page.getByRole('heading', { level: 1, name: 'Mira Wandel' })).toBeVisible();
  await changeContact(owner, mine.id, { assigned_to: owner.member });
  await expect(page.getByText('There is no such contact')).toBeVisible();
  await page.goto('/contacts?q=Wandel');
  await expect(grid(page).getByRole('link', { name: 'Fanny Wandel' })).toBeVisible();
  await expect(count(page)).toHaveText('1 record');
  await changeContact(owner, foreign.id, { assigned_to: owner.member });
  await expect(page.getByText('No match')).toBeVisible();
});
