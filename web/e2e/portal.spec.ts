import { expect, expectAccessible, leavePortal, test } from './support/fixtures';
import { linkInMail } from './support/mail';
import { follow, signUp } from './support/sign-up';

const PASSWORD = 'nine quiet otters';

test('a client registers, sees the portal, and changes their details; staff see them as a lead', async ({ page: staff, browser }) => {
  await signUp(staff, { organization: 'Otter Rescue', name: 'Olga Otter', email: `olga-${Date.now()}@example.com`, password: PASSWORD });
  await staff.goto('/settings/modules');
  const registering = staff.getByRole('switch', { name: 'Clients may register themselves' });
  const link = staff.getByLabel('Link for clients');
  await expect(registering).toBeVisible();
  await registering.click({ force: true });
  const register = new URL(await link.inputValue()).pathname;

  const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  const name = `Bertha Otter ${Date.now()}`;
  const email = `bertha-${Date.now()}@example.com`;
  await page.goto(register);
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Register' }).click();
  await expect(page.getByRole('heading', { name: 'Look into your mail' })).toBeVisible();

  await follow(page, await linkInMail(page, email, '/confirm-registration'));
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.waitForURL('**/portal');
  await expect(page.getByRole('heading', { name: `Welcome, ${name}` })).toBeVisible();

  const pages = page.getByRole('navigation', { name: 'Pages' });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const to of ['Home', 'Your details', 'Password']) {
      await pages.getByRole('link', { name: to }).click();
      await expect(pages.getByRole('link', { name: to })).toHaveAttribute('aria-current', 'page');
      await expectAccessible(page);
    }
  }

  await pages.getByRole('link', { name: 'Your details' }).click();
  await page.getByLabel('City').fill('Bern');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Your details are saved')).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('City')).toHaveValue('Bern');

  // Two pages of one person stand for two people: one saves under the other's hands.
  const other = await context.newPage();
  await other.goto('/portal/details');
  await other.getByLabel('City').fill('Basel');
  await other.getByRole('button', { name: 'Save' }).click();
  await expect(other.getByText('Your details are saved')).toBeVisible();
  await page.getByLabel('City').fill('Thun');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Somebody set this meanwhile to: Basel')).toBeVisible();
  await expect(page.getByLabel('City')).toHaveValue('Thun');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Your details are saved')).toBeVisible();
  await other.close();

  // Staff's pages are nothing for clients.
  await page.goto('/contacts');
  await page.waitForURL('**/portal');

  await pages.getByRole('link', { name: 'Password' }).click();
  await page.getByLabel('Present password').fill('not this one');
  await page.getByLabel('New password').fill('ten loud otters');
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByLabel('Present password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByText('Your password is changed.')).toBeVisible();

  await leavePortal(page);
  await page.getByLabel('E-mail or username').fill(email);
  await page.getByLabel('Password', { exact: true }).fill('ten loud otters');
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('heading', { name: `Welcome, ${name}` })).toBeVisible();
  await context.close();

  await staff.goto(`/contacts?q=${encodeURIComponent(name)}`);
  await expect(staff.getByText(name).first()).toBeVisible();
  await expect(staff.getByText('Lead', { exact: true }).first()).toBeVisible();
});

test('staff who come to the portal are led to where they work', async ({ owner: page }) => {
  await page.goto('/portal');
  await page.waitForURL((url) => !/^\/(portal|login)?$/.test(url.pathname));
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the portal's log-in is accessible in the ${colorScheme} scheme`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto('/portal');
    await expect(page.getByRole('button', { name: 'Log in' })).toBeVisible();
    await expectAccessible(page);
  });
}
