import { expect, expectAccessible, logOut, test } from './support/fixtures';
import { linkInMail } from './support/mail';
import { follow, signUp } from './support/sign-up';

const PASSWORD = 'seven blue herons';

test('somebody signs up, confirms by mail, forgets the password, and gets in by another', async ({ page }) => {
  const email = `ada-${Date.now()}@example.com`;
  await page.goto('/');
  await page.getByRole('link', { name: 'Sign up' }).click();
  await expect(page).toHaveURL(/\/signup$/);
  await signUp(page, { organization: 'Analytical Engines', name: 'Ada Byron', email, password: PASSWORD });

  await logOut(page);
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('button', { name: 'Send a link' }).click();
  await expect(page.getByRole('heading', { name: 'Look into your mail' })).toBeVisible();

  const reset = await linkInMail(page, email, '/reset-password');
  await follow(page, reset);
  await page.getByLabel('New password').fill('eight green herons');
  await page.getByRole('button', { name: 'Set password' }).click();
  await expect(page.getByText('Your password is set')).toBeVisible();
  await page.getByRole('link', { name: 'To the log-in' }).click();
  await page.getByLabel('E-mail or username').fill(email);
  await page.getByLabel('Password', { exact: true }).fill('eight green herons');
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('button', { name: /^Analytical Engines/ })).toBeVisible();
});

test('the server’s word stands at the field, and nothing typed is lost', async ({ page }) => {
  await page.goto('/signup');
  await page.getByLabel('Organization').fill('Analytical Engines');
  await page.getByLabel('E-mail').fill('ada@example.com');
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Sign up' }).click();
  // What is missing is said at once, and is where one goes on typing.
  await expect(page.getByLabel('Your name')).toBeFocused();
  await page.keyboard.type('Ada Byron');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByLabel('Password', { exact: true })).toBeFocused();
  await expect(page.getByLabel('E-mail')).toHaveValue('ada@example.com');
});

test('a link that was used says what to do', async ({ page }) => {
  await page.goto(`/reset-password#token=${'A'.repeat(64)}`);
  await page.getByLabel('New password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Set password' }).click();
  await expect(page.getByText('This link is not good any longer')).toBeVisible();
  await page.getByRole('link', { name: 'Ask for another link.' }).click();
  await expect(page).toHaveURL(/\/forgot-password$/);
});

test('a page without its link says that the mail still has it', async ({ page }) => {
  await page.goto('/verify-email');
  await expect(page.getByText('Open the link once more')).toBeVisible();
});

const PAGES = ['/', '/login', '/signup', '/forgot-password', '/reset-password', `/reset-password#token=${'A'.repeat(64)}`, `/verify-email#token=${'A'.repeat(64)}`, `/set-password#token=${'A'.repeat(64)}`, `/invitation#token=${'A'.repeat(64)}`, `/client-account#token=${'A'.repeat(64)}`, `/confirm-registration#token=${'A'.repeat(64)}`, '/register/nobody'];

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the pages for strangers are accessible in the ${colorScheme} scheme`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    for (const path of PAGES) {
      // A fragment alone would load nothing anew.
      await page.goto('about:blank');
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expectAccessible(page);
    }
  });
}
