import type { Page } from '@playwright/test';
import { found, join, once, type Person, taken } from './support/api';
import { expect, expectAccessible, logIn, test } from './support/fixtures';

let admin: Person;

test.beforeAll(async () => {
  admin = await found('Operators', 'Alma Admin', '--administrator');
});

// What is decided here holds for all organizations, so for all other tests.
test.afterEach(async () => {
  await taken(admin.api.PATCH('/api/v1/instance', { body: { sign_up: 'open', maintenance: false }, params: { header: once() } }));
});

async function signUpAs(page: Page, name: string): Promise<void> {
  await page.goto('/signup');
  await page.getByLabel('Organization').fill(`${name} Ltd`);
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('E-mail').fill(`${name.toLowerCase()}-${Date.now()}@example.com`);
  await page.getByLabel('Password', { exact: true }).fill('fifteen tall herons');
  await page.getByRole('button', { name: 'Sign up' }).click();
}

test('an administrator decides who may sign up, and strangers are told', async ({ page, browser }) => {
  await logIn(page, admin.email, admin.password);
  await page.goto('/settings');
  await page.getByRole('link', { name: /^Instance/ }).first().click();
  await expect(page.getByRole('listitem').filter({ hasText: admin.email })).toBeVisible();
  await expectAccessible(page);
  const stranger = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();

  const whoMay = page.getByRole('radiogroup', { name: 'Who may sign up' });
  await whoMay.getByRole('radio', { name: 'Nobody' }).check();
  await expect(page.getByText('Sign-up changed')).toBeVisible();
  await signUpAs(stranger, 'Xaver');
  await expect(stranger.getByRole('alert')).toContainText('Sign-up is closed here. Ask the operator for an account.');
  await expectAccessible(stranger);
  await expect(stranger.getByLabel('Your name')).toHaveValue('Xaver');

  await whoMay.getByRole('radio', { name: 'Who was invited' }).check();
  await stranger.getByRole('button', { name: 'Sign up' }).click();
  await expect(stranger.getByRole('alert')).toContainText('Sign-up takes an invitation here.');

  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect(whoMay.getByRole('radio', { name: 'Nobody' })).toBeChecked();
  await whoMay.getByRole('radio', { name: 'Anybody' }).check();
  await expect(whoMay.getByRole('radio', { name: 'Anybody' })).toBeChecked();
  await stranger.getByRole('button', { name: 'Sign up' }).click();
  await expect(stranger.getByRole('heading', { name: 'Look into your mail' })).toBeVisible();
  await stranger.context().close();
});

test('during maintenance only administrators enter; others are told, and come back', async ({ page, browser }) => {
  const worker = await found('Night Shift', 'Willi Werker');
  await logIn(page, admin.email, admin.password);
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  const inside = await context.newPage();
  await logIn(inside, worker.email, worker.password);

  await page.goto('/settings/instance');
  await page.getByRole('switch', { name: 'Maintenance of the whole instance' }).click({ force: true });
  await expect(page.getByText('Maintenance started')).toBeVisible();
  await inside.goto('/contacts');
  await expect(inside).toHaveURL(/\/barred$/);
  await expect(inside.getByRole('heading', { name: 'Hindsight is under maintenance' })).toBeVisible();
  await expectAccessible(inside);
  await inside.getByRole('button', { name: 'Look again' }).click();
  await expect(inside).toHaveURL(/\/barred$/);
  // Whoever logs in only now is led there as well.
  await inside.getByRole('button', { name: 'Log out' }).click();
  await logIn(inside, worker.email, worker.password);
  await expect(inside.getByRole('heading', { name: 'Hindsight is under maintenance' })).toBeVisible();
  // Administrators go on.
  await page.goto('/contacts');
  await expect(page.getByText('No contacts yet')).toBeVisible();

  await page.goto('/settings/instance');
  await page.getByRole('switch', { name: 'Maintenance of the whole instance' }).click({ force: true });
  await expect(page.getByText('Maintenance ended')).toBeVisible();
  await inside.getByRole('button', { name: 'Look again' }).click();
  await expect(inside.getByText('No contacts yet')).toBeVisible();
  await context.close();
});

test('an organization under maintenance lets its owners in, and nobody else', async ({ page, browser }) => {
  const owner = await found('Closed Shop', 'Olga Oben');
  const sam = await join(owner, 'Sam Draussen', 'sales');
  await logIn(page, owner.email, owner.password);
  await page.goto('/settings/modules');
  await page.getByRole('switch', { name: 'Only owners may enter' }).click({ force: true });
  await expect(page.getByText('Maintenance started')).toBeVisible();
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  const outside = await context.newPage();
  await logIn(outside, sam.email, sam.password);
  await expect(outside.getByRole('heading', { name: 'This organization is under maintenance' })).toBeVisible();
  await page.goto('/contacts');
  await expect(page.getByText('No contacts yet')).toBeVisible();
  await context.close();
});

test('another administrator is made and removed; whoever is none does not see the page', async ({ page }) => {
  const second = await found('Second Line', 'Zita Zweite');
  await logIn(page, admin.email, admin.password);
  await page.goto('/settings/instance');
  await page.getByLabel('E-mail of a user').fill('nobody@example.com');
  await page.getByRole('button', { name: 'Make administrator' }).click();
  await expect(page.getByText(/no user|nobody|not known|no account/i)).toBeVisible();
  await page.getByLabel('E-mail of a user').fill(second.email);
  await page.getByRole('button', { name: 'Make administrator' }).click();
  const line = page.getByRole('listitem').filter({ hasText: second.email });
  await expect(line).toBeVisible();
  await line.getByRole('button', { name: `Remove ${second.email} from the administrators` }).click();
  await expect(line).toHaveCount(0);
});

test('too many wrong passwords: the page says when one may try again, and keeps the address', async ({ page }) => {
  const { email } = await found('Guess Work', 'Gerd Raten');
  for (let attempt = 0; attempt < 10; attempt += 1) {
    await page.request.post('/api/v1/auth/login', { data: { email, password: 'not this one' } });
  }
  await page.goto('/login');
  await page.getByLabel('E-mail or username').fill(email);
  await page.getByLabel('Password', { exact: true }).fill('not this one');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText(/Too many attempts\. You can try again after \d/);
  await expect(page.getByLabel('E-mail or username')).toHaveValue(email);
  await expectAccessible(page);
});
