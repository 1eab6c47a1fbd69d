import type { Page } from '@playwright/test';
import { addContact, found, join } from './support/api';
import { expect, logIn, test } from './support/fixtures';

const row = (page: Page, path: string) => page.locator(`[data-path="${path}"] dd`);
/** What the history says of a change of the city; it does once it is saved. */
const said = (page: Page, change: string) => page.getByRole('complementary', { name: 'History' }).getByText(`changed City: formerly ${change}`);

async function begin(page: Page, field: string, value: string): Promise<void> {
  await page.getByRole('button', { name: `Edit ${field}`, exact: true }).click();
  await page.getByRole('textbox', { name: field, exact: true }).fill(value);
}

test('two people work on one record: each sees what the other saves, and where they meet one of them chooses', async ({ page, browser }) => {
  const ada = await found('Two of Us', 'Ada Eins');
  const [max, contact] = await Promise.all([
    join(ada, 'Max Zwei', 'manager'),
    addContact(ada, { first_name: 'Paul', last_name: 'Doppel', city: 'Rome' }),
  ]);
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  const other = await context.newPage();
  await Promise.all([logIn(page, ada.email, ada.password), logIn(other, max.email, max.password)]);
  await page.goto('/contacts');
  await other.goto(`/contacts/${contact.id}`);

  // In the list, and in the record, without loading anything anew.
  await begin(other, 'City', 'Paris');
  await other.keyboard.press('Enter');
  await expect(page.getByRole('grid', { name: 'Contacts, list' }).getByText('Paris')).toBeVisible();
  await page.getByRole('link', { name: 'Paul Doppel' }).click();
  await expect(page.getByRole('complementary', { name: 'Contact beside the list' }).getByRole('heading', { name: 'Paul Doppel' })).toBeVisible();
  await page.keyboard.press('Control+Enter');
  await expect(row(page, 'city')).toContainText('Paris');
  await begin(other, 'City', 'Wien');
  await other.keyboard.press('Enter');
  await expect(row(page, 'city')).toContainText('Wien');
  await expect(said(page, 'Paris → Wien')).toBeVisible();

  // Both begin from the same version; the second is asked, and takes the other's.
  await begin(page, 'City', 'Bern');
  await begin(other, 'City', 'Graz');
  await other.keyboard.press('Enter');
  await expect(said(other, 'Wien → Graz')).toBeVisible();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Changed by two people at once' });
  await expect(dialog).toContainText('Max Zwei');
  await expect(dialog).toContainText('Before both:Wien');
  await expect(dialog.getByRole('button', { name: 'Apply the choice' })).toBeDisabled();
  await expect(dialog.getByRole('radio', { name: 'City: take yours' })).toContainText('Bern');
  await expect(dialog.getByRole('radio', { name: 'City: take theirs' })).toContainText('Graz');
  await dialog.getByRole('radio', { name: 'City: take theirs' }).click();
  await dialog.getByRole('button', { name: 'Apply the choice' }).click();
  await expect(row(page, 'city')).toContainText('Graz');
  await expect(page.getByRole('textbox', { name: 'City', exact: true })).toHaveCount(0);

  // The other way round the other is asked, and takes their own.
  await begin(other, 'City', 'Linz');
  await begin(page, 'City', 'Basel');
  await page.keyboard.press('Enter');
  await expect(said(page, 'Graz → Basel')).toBeVisible();
  await other.keyboard.press('Enter');
  const asked = other.getByRole('dialog', { name: 'Changed by two people at once' });
  await expect(asked).toContainText('Ada Eins');
  await asked.getByRole('radio', { name: 'City: take yours' }).click();
  await asked.getByRole('button', { name: 'Apply the choice' }).click();
  await expect(row(other, 'city')).toContainText('Linz');
  await expect(row(page, 'city')).toContainText('Linz');
  // What was not chosen is in the history.
  await expect(said(page, 'Basel → Linz')).toBeVisible();
  await context.close();
});
