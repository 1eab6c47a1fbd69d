import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './support/fixtures';

const grid = (page: Page) => page.getByRole('grid', { name: 'Contacts, list' });
const names = (page: Page) => grid(page).locator('[role=gridcell][aria-colindex="2"]').getByRole('link');
const count = (page: Page) => page.getByRole('main').getByRole('status').first();
const header = (page: Page, name: string) => grid(page).getByRole('columnheader', { name });

async function openList(page: Page, search = ''): Promise<void> {
  await page.goto(`/contacts${search}`);
  await expect(grid(page)).toHaveAttribute('aria-busy', 'false');
  await expect(names(page).nth(3)).toBeVisible();
}

/** The cell of the row with the focus in that column. */
async function cellOf(page: Page, row: number, column: string) {
  const place = await header(page, column).getAttribute('aria-colindex');
  return grid(page).locator(`[aria-rowindex="${row + 1}"] [aria-colindex="${place}"]`);
}

test('somebody is found by typing, and Back shows everybody again', async ({ owner: page }) => {
  await openList(page);
  const all = await count(page).textContent();
  const wanted = (await names(page).nth(2).textContent()) ?? '';
  await page.keyboard.press('/');
  await page.keyboard.type(wanted);
  await expect(page).toHaveURL(/q=/);
  await expect(count(page)).not.toHaveText(all ?? '');
  await expect(names(page).first()).toHaveText(wanted);
  await page.goBack();
  await expect(page.getByRole('searchbox')).toHaveValue('');
  await expect(count(page)).toHaveText(all ?? '');
});

test('nobody is found, and one click clears the search', async ({ owner: page }) => {
  await openList(page);
  await page.getByRole('searchbox').fill('nobodyiscalledthis');
  await expect(page.getByText('No match')).toBeVisible();
  await page.getByRole('button', { name: 'Clear search and filters' }).click();
  await expect(names(page).first()).toBeVisible();
});

test('a filter is built, stands in the address, and survives a reload', async ({ owner: page }) => {
  await openList(page);
  const all = await count(page).textContent();
  await page.getByRole('button', { name: 'Filter' }).click();
  const form = page.getByRole('form', { name: 'Filter' });
  const field = form.getByRole('combobox', { name: 'Field' });
  await field.click();
  await field.fill('Status');
  await page.getByRole('option', { name: 'Status', exact: true }).click();
  await form.getByRole('combobox', { name: 'Value' }).click();
  await page.getByRole('option', { name: 'Customer', exact: true }).click();
  await page.keyboard.press('Escape');
  await form.getByRole('button', { name: 'Apply' }).click();
  await expect(page).toHaveURL(/filter=/);
  // The rows before stay until others are here, and the first may have been a customer all along.
  await expect(count(page)).not.toHaveText(all ?? '');
  const status = await cellOf(page, 1, 'Status');
  await expect(status).toHaveText('Customer');
  const shown = await count(page).textContent();
  await page.reload();
  await expect(page.getByRole('button', { name: 'Filter: 1 condition' })).toBeVisible();
  await expect(count(page)).toHaveText(shown ?? '');
  await page.goBack();
  await expect(page.getByRole('button', { name: 'Filter', exact: true })).toBeVisible();
});

test('headers sort, with Shift by a second key', async ({ owner: page }) => {
  await openList(page);
  await header(page, 'E-mail').getByRole('button').click();
  await expect(header(page, 'E-mail')).toHaveAttribute('aria-sort', 'ascending');
  await header(page, 'Name').getByRole('button').click({ modifiers: ['Shift'] });
  await expect(page).toHaveURL(/sort=email%2Cname/);
  await expect(header(page, 'Name')).toHaveAttribute('aria-sort', 'ascending');
  await page.goBack();
  await page.goBack();
  await expect(header(page, 'E-mail')).toHaveAttribute('aria-sort', 'none');
});

test('columns are chosen and made wider without dragging', async ({ owner: page }) => {
  await openList(page);
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'Phone' }).click();
  await expect(header(page, 'Phone')).toHaveCount(0);
  await page.getByRole('button', { name: 'Make E-mail wider' }).click();
  await expect(page).toHaveURL(/columns=email%3A264/);
  await page.getByRole('button', { name: 'Usual columns' }).click();
  await expect(header(page, 'Phone')).toHaveCount(1);
});

test('a value is changed by keys alone, and taken back', async ({ owner: page }) => {
  await openList(page, '?sort=name');
  const cell = await cellOf(page, 1, 'City');
  const before = (await cell.textContent()) ?? '';
  // From the search box to the first row of the grid, and along it to the city.
  await page.keyboard.press('/');
  for (;;) {
    await page.keyboard.press('Tab');
    const inGrid = await grid(page).evaluate((element) => element !== document.activeElement && element.contains(document.activeElement));
    if (inGrid) break;
  }
  const place = Number(await cell.getAttribute('aria-colindex'));
  for (let column = 2; column < place; column += 1) await page.keyboard.press('ArrowRight');
  await expect(cell).toBeFocused();
  await page.keyboard.press('Enter');
  const editor = cell.getByRole('textbox', { name: 'City' });
  await expect(editor).toBeFocused();
  await editor.fill('Zermatt');
  await page.keyboard.press('Enter');
  await expect(cell).toBeFocused();
  await expect(cell).toHaveText('Zermatt');
  await expect(cell.getByLabel('Saved')).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(cell).toHaveText(before);
});

test('a refused value stays in its editor with the reason', async ({ owner: page }) => {
  await openList(page, '?sort=name');
  const cell = await cellOf(page, 2, 'E-mail');
  const before = (await cell.textContent()) ?? '';
  await cell.dblclick({ position: { x: 3, y: 3 } });
  const editor = cell.getByRole('textbox', { name: 'E-mail' });
  await editor.fill('not an address');
  await page.keyboard.press('Enter');
  await expect(cell.getByText('This is not an e-mail address.')).toBeVisible();
  await expect(editor).toHaveValue('not an address');
  await page.keyboard.press('Escape');
  await expect(cell).toHaveText(before);
});

test('rows are selected by keys, tagged together, and untagged by one undo', async ({ owner: page }) => {
  await openList(page, '?sort=name&columns=tags,email');
  const first = await cellOf(page, 1, 'Tags');
  const before = (await first.textContent()) ?? '';
  await first.focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(page.getByText('2 selected')).toBeVisible();
  await page.getByRole('button', { name: 'Tags…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Tags' }).click();
  const options = page.getByRole('option');
  await expect(options.first()).toBeVisible();
  const labels = await options.allTextContents();
  const tag = labels.find((label) => !before.includes(label)) ?? '';
  await options.filter({ hasText: tag }).click();
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'Apply to 2 records' }).click();
  await expect(first).toContainText(tag);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(first).toHaveText(before);
});

test('all that match get a value together, loaded or not, and one undo brings the old ones back', async ({ owner: page }) => {
  await openList(page, '?sort=name&columns=city,email');
  const first = await cellOf(page, 1, 'City');
  const before = (await first.textContent()) ?? '';
  const all = Number(/\d+/.exec((await count(page).textContent()) ?? '')?.[0]);
  expect(all).toBeGreaterThan(100);
  await page.getByRole('checkbox', { name: 'Select all rows that are loaded' }).click();
  await page.getByRole('button', { name: `Select all ${all} that match` }).click();
  await page.getByRole('button', { name: 'Set a field…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Set a field…' });
  await dialog.getByRole('combobox', { name: 'Field' }).click();
  await page.getByRole('option', { name: 'City', exact: true }).click();
  await dialog.getByRole('textbox', { name: 'City' }).fill('Nowhere Bay');
  await expect(dialog.getByText(`${all} records are changed where they are not like that already.`)).toBeVisible();
  await dialog.getByRole('button', { name: `Apply to ${all} records` }).click();
  await expect(page.getByText(`${all} records are changed`, { exact: true })).toBeVisible();
  await expect(first).toHaveText('Nowhere Bay');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText(`Undone for ${all} records.`, { exact: true })).toBeVisible();
  await expect(first).toHaveText(before);
});

test('a delete of many says first how many it is about', async ({ owner: page }) => {
  await openList(page, '?sort=name');
  const before = (await count(page).textContent()) ?? '';
  await (await cellOf(page, 1, 'Name')).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+ArrowDown');
  await page.getByRole('region', { name: '2 selected' }).getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete contacts' });
  await expect(dialog.getByText('2 records go into the recycle bin.')).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Delete 2' }).click();
  await expect(count(page)).not.toHaveText(before);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(count(page)).toHaveText(before);
});

test('a record opens beside the list, and Back from its page finds the list where it was', async ({ owner: page }) => {
  await openList(page, '?sort=name');
  await grid(page).evaluate((element) => element.scrollTo({ top: 1600 }));
  // By its place in the list: which of the rows on the page it is changes while they follow the scrolling.
  const name = (await cellOf(page, 50, 'Name')).getByRole('link');
  const text = (await name.textContent()) ?? '';
  await name.click();
  await expect(page.getByRole('complementary', { name: 'Contact' }).getByRole('heading', { name: text })).toBeVisible();
  await page.keyboard.press('Control+Enter');
  await expect(page).toHaveURL(/\/contacts\/[0-9a-f-]{36}/);
  await page.goBack();
  await expect(page.getByRole('link', { name: text })).toBeVisible();
  await expect.poll(() => grid(page).evaluate((element) => element.scrollTop)).toBeGreaterThan(1000);
});

test('no more than 60 rows are on the page, however far one scrolls', async ({ owner: page }) => {
  await openList(page);
  for (const top of [0, 3_000, 7_000, 100_000]) {
    await grid(page).evaluate((element, to) => element.scrollTo({ top: to }), top);
    await expect(names(page).first()).toBeVisible();
    expect(await grid(page).getByRole('row').count()).toBeLessThanOrEqual(60);
  }
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`lists are accessible in the ${colorScheme} scheme`, async ({ owner: page }) => {
    await page.emulateMedia({ colorScheme });
    await openList(page);
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Filter' }).click();
    await expect(page.getByRole('form', { name: 'Filter' })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Columns' }).click();
    await expect(page.getByRole('checkbox', { name: 'Phone' })).toBeVisible();
    await expectAccessible(page);
  });

  test(`cards on a phone are accessible in the ${colorScheme} scheme`, async ({ owner: page }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto('/contacts');
    await expect(page.getByRole('region', { name: 'Contacts, list' }).getByRole('link').first()).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Filter' }).click();
    await expect(page.getByRole('form', { name: 'Filter' })).toBeVisible();
    await expectAccessible(page);
  });
}
