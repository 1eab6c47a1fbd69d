import { expect, expectAccessible, test } from './support/fixtures';

test('a wrong password is refused in words, and what was typed stays', async ({ page }) => {
  await page.goto('/login');
  await page.getByLabel('E-mail or username').fill('nobody@example.com');
  await page.getByLabel('Password', { exact: true }).fill('not this one');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByLabel('E-mail or username')).toHaveValue('nobody@example.com');
});

test('a deep link asks for a log-in first and then leads there', async ({ owner: page }) => {
  await page.context().clearCookies();
  await page.evaluate(() => localStorage.clear());
  await page.goto('/companies');
  await expect(page).toHaveURL(/\/login\?next=%2Fcompanies/);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the log-in page is accessible in the ${colorScheme} scheme`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto('/login');
    await expect(page.getByRole('button', { name: 'Log in' })).toBeVisible();
    await expectAccessible(page);
  });
}
