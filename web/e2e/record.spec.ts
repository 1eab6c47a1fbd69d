import type { Page } from '@playwright/test';
import { OWNER } from './support/server';
import { expect, expectAccessible, logIn, test } from './support/fixtures';
import { signUp } from './support/sign-up';

/** Another person would do; what counts is that they work elsewhere on the same record. */
const panelOf = (page: Page) => page.getByRole('complementary', { name: 'Contact beside the list' });

/** Creates a contact by the dialog of the list; it opens beside it. */
async function create(page: Page, first: string, last: string, city = ''): Promise<void> {
  await page.goto('/contacts');
  await page.getByRole('button', { name: 'New contact' }).click();
  const dialog = page.getByRole('dialog', { name: 'New contact' });
  await dialog.getByLabel('First name').fill(first);
  await dialog.getByLabel('Last name').fill(last);
  if (city) await dialog.getByLabel('City', { exact: true }).fill(city);
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect(panelOf(page).getByRole('heading', { name: `${first} ${last}` })).toBeVisible();
}

/** From beside the list to a page of its own. */
async function openPage(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+Enter');
  await expect(page).toHaveURL(/\/contacts\/[0-9a-f-]{36}($|\?)/);
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

/** Creates a contact and opens it on a page of its own. */
async function createAndOpen(page: Page, first: string, last: string, city = ''): Promise<void> {
  await create(page, first, last, city);
  await openPage(page, `${first} ${last}`);
}

async function edit(page: Page, field: string, value: string): Promise<void> {
  await page.getByRole('button', { name: `Edit ${field}`, exact: true }).click();
  await page.getByRole('textbox', { name: field, exact: true }).fill(value);
  await page.keyboard.press('Enter');
}

/** Waits until the history has the version that a command made. */
async function reached(page: Page, version: number): Promise<void> {
  await expect(page.getByRole('link', { name: `version ${version}`, exact: true })).toBeVisible();
}

const row = (page: Page, path: string) => page.locator(`[data-path="${path}"] dd`);

test('somebody signs up, adds a contact, finds and edits it, sees its history, and restores what it was', async ({ page }) => {
  await signUp(page, { organization: 'Winter & Co', name: 'Wanda Winter', email: `wanda-${Date.now()}@example.com`, password: 'nine brown herons' });
  await create(page, 'Agnes', 'Wintersohn', 'Rome');
  await create(page, 'Berta', 'Sommer');
  await page.goto('/contacts');
  const grid = page.getByRole('grid', { name: 'Contacts, list' });
  await expect(grid.getByRole('link', { name: 'Berta Sommer' })).toBeVisible();
  await page.getByRole('searchbox').fill('wintersohn');
  await expect(grid.getByRole('link', { name: 'Berta Sommer' })).toBeHidden();
  await grid.getByRole('link', { name: 'Agnes Wintersohn' }).click();
  await expect(panelOf(page).getByRole('heading', { name: 'Agnes Wintersohn' })).toBeVisible();
  await openPage(page, 'Agnes Wintersohn');
  await edit(page, 'City', 'Oslo');
  await reached(page, 2);

  const history = page.getByRole('complementary', { name: 'History' });
  await expect(history.getByText('changed City: formerly Rome → Oslo')).toBeVisible();
  await page.getByRole('slider', { name: 'Version' }).focus();
  await page.keyboard.press('ArrowLeft');
  await expect(page).toHaveURL(/version=1/);
  await expect(row(page, 'city')).toContainText('Rome');
  await expect(page.getByRole('button', { name: /^Edit / })).toHaveCount(0);

  await page.getByRole('button', { name: 'Restore City' }).click();
  await expect(page.getByText('Brought back from version 1.')).toBeVisible();
  await page.getByRole('button', { name: 'Back to now' }).click();
  await expect(row(page, 'city')).toContainText('Rome');
  await reached(page, 3);
});

test('two people edit one record: what does not meet is kept, what meets is chosen', async ({ owner: page, browser }) => {
  await createAndOpen(page, 'Bela', 'Konflikt', 'Rome');
  const context = await browser.newContext();
  const other = await context.newPage();
  await logIn(other, OWNER.email, OWNER.password());
  await other.goto(page.url());

  // Both begin from the same version.
  await page.getByRole('button', { name: 'Edit City', exact: true }).click();
  await page.getByRole('textbox', { name: 'City', exact: true }).fill('Paris');
  await edit(other, 'Last name', 'Konflikt-Ott');
  await reached(other, 2);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Bela Konflikt-Ott' })).toBeVisible();
  await expect(row(page, 'city')).toContainText('Paris');
  await expect(row(other, 'city')).toContainText('Paris');

  await page.getByRole('button', { name: 'Edit City', exact: true }).click();
  await page.getByRole('textbox', { name: 'City', exact: true }).fill('Bern');
  await edit(other, 'City', 'Wien');
  await reached(other, 4);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Changed by two people at once' });
  await expect(dialog.getByText('Before both:')).toBeVisible();
  await expect(dialog.getByText('Paris')).toBeVisible();
  await expect(dialog.getByText('Wien')).toBeVisible();

  // Leaving the choice loses nothing.
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('textbox', { name: 'City', exact: true })).toHaveValue('Bern');
  await page.getByRole('textbox', { name: 'City', exact: true }).press('Enter');
  await dialog.getByRole('radio', { name: 'City: take yours' }).click();
  await dialog.getByRole('button', { name: 'Apply the choice' }).click();
  await expect(row(page, 'city')).toContainText('Bern');
  await expect(row(other, 'city')).toContainText('Bern');
  await context.close();
});

test('a value tells who set it, when, and what it was before', async ({ owner: page }) => {
  await createAndOpen(page, 'Carla', 'Herkunft', 'Rome');
  await edit(page, 'City', 'Oslo');
  await reached(page, 2);
  await row(page, 'city').hover();
  const origin = page.getByRole('tooltip').filter({ hasText: 'Set by' });
  await expect(origin).toContainText('Set by You');
  await expect(origin).toContainText('Before: Rome');
  await page.keyboard.press('Escape');
});

test('a refused value stays where it was typed, and leaving asks about it', async ({ owner: page }) => {
  await createAndOpen(page, 'Dora', 'Bleibt');
  await page.getByRole('button', { name: /^Show \d+ empty fields$/ }).click();
  await edit(page, 'E-mail', 'nonsense');
  await expect(page.getByText('This is not an e-mail address.')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'E-mail' })).toHaveValue('nonsense');
  await page.getByRole('link', { name: 'Companies' }).click();
  const asked = page.getByRole('dialog', { name: 'Not everything is saved' });
  await asked.getByRole('button', { name: 'Stay' }).click();
  await edit(page, 'Mobile', '+49 170 1234567');
  await expect(row(page, 'mobile').getByRole('link', { name: '+49 170 1234567' })).toHaveAttribute('href', 'tel:+491701234567');
  await page.getByRole('textbox', { name: 'E-mail' }).press('Escape');
  await page.getByRole('link', { name: 'Companies' }).click();
  await expect(page).toHaveURL(/\/companies/);
});

test('what is deleted says so, comes back, and before it was made there is nothing', async ({ owner: page }) => {
  await createAndOpen(page, 'Emil', 'Kehrtwieder');
  await page.getByRole('button', { name: 'Delete this contact' }).click();
  await expect(page.getByText('This contact is in the recycle bin.')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Edit / })).toHaveCount(0);
  await page.getByRole('button', { name: 'Restore', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Edit First name' })).toBeVisible();
  await page.goto(`${new URL(page.url()).pathname}?as_of=2020-01-01T00:00:00Z`);
  await expect(page.getByText('Emil Kehrtwieder did not exist yet')).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`a record, its panel and the dialog that creates are accessible in the ${colorScheme} scheme`, async ({ owner: page }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto('/contacts');
    await page.getByRole('button', { name: 'New contact' }).click();
    await expect(page.getByRole('dialog', { name: 'New contact' })).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await createAndOpen(page, 'Frida', `Zugang ${colorScheme}`);
    await expectAccessible(page);
    await page.goto(`${new URL(page.url()).pathname}?version=1&against=now`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expectAccessible(page);
  });
}
