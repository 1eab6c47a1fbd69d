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

async function fillIn(page: Page, name: string): Promise<void> {
  await page.goto('/signup');
  await page.getByLabel('Organization').fill(`${name} Ltd`);
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('E-mail').fill(`${name.toLowerCase()}-${Date.now()}@example.com`);
  await page.getByLabel('Password', { exact: true }).fill('fifteen tall herons');
}

test('an administrator decides who may sign up, and strangers are told', async ({ page, browser }) => {
  await logIn(page, admin.email, admin.password);
  await page.goto('/settings');
  await page.getByRole('link', { name: /^Instance/ }).first().click();
  await expect(page.getByRole('listitem').filter({ hasText: admin.email })).toBeVisible();
  await expectAccessible(page);
  const stranger = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();

  const whoMay = page.getByRole('radiogroup', { name: 'Who may sign up' });
  const decide = async (name: string) => {
    const decided = page.waitForResponse((answer) => answer.url().endsWith('/instance') && answer.request().method() === 'PATCH');
    await whoMay.getByRole('radio', { name }).click();
    await decided;
  };
  // Who began to fill in the form while it was open keeps what they typed.
  await fillIn(stranger, 'Xaver');
  await whoMay.getByRole('radio', { name: 'Nobody' }).click();
  await expect(page.getByText('Sign-up changed')).toBeVisible();
  await stranger.getByRole('button', { name: 'Sign up' }).click();
  await expect(stranger.getByRole('alert')).toContainText('Sign-up is closed here. Ask the operator for an account.');
  await expectAccessible(stranger);
  await expect(stranger.getByLabel('Your name')).toHaveValue('Xaver');

  // Who comes later is told before they type anything.
  const later = await stranger.context().newPage();
  await later.goto('/signup');
  await expect(later.getByText('Sign-up is closed here. Ask the operator for an account.')).toBeVisible();
  await expect(later.getByLabel('Your name')).toHaveCount(0);
  await expectAccessible(later);
  await later.goto('/');
  await expect(later.getByText('Sign-up is closed here. Ask the operator for an account.')).toBeVisible();
  await expect(later.getByRole('link', { name: 'Sign up' })).toHaveCount(0);
  await later.close();

  await decide('Who was invited');
  await stranger.getByRole('button', { name: 'Sign up' }).click();
  await expect(stranger.getByRole('alert')).toContainText('Sign-up takes an invitation here.');

  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect(whoMay.getByRole('radio', { name: 'Nobody' })).toBeChecked();
  await decide('Anybody');
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
  const stranger = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();
  await logIn(inside, worker.email, worker.password);

  await page.goto('/settings/instance');
  await page.getByRole('switch', { name: 'Maintenance of the whole instance' }).click({ force: true });
  await expect(page.getByText('Maintenance started')).toBeVisible();
  // Whoever is at work is told where they are, and loses nothing. Who they are is remembered for seconds: each asks anew.
  const told = inside.getByRole('main').getByRole('alert');
  let asked = 0;
  await expect(async () => {
    await inside.getByRole('searchbox').fill(`Nobody ${(asked += 1)}`);
    await expect(told).toContainText('Hindsight is under maintenance', { timeout: 2_000 });
  }).toPass();
  await expectAccessible(inside);
  // Whoever comes only now is not let in to the page.
  const refused = await stranger.goto('/contacts');
  expect(refused?.status()).toBe(503);
  await expect(stranger.getByRole('heading', { name: 'Hindsight is under maintenance' })).toBeVisible();
  await expectAccessible(stranger);
  // Administrators go on, get back to a page that they load again, and log in by the same door.
  await page.getByRole('link', { name: 'Contacts' }).click();
  await expect(page.getByText('No contacts yet')).toBeVisible();
  expect((await page.reload())?.status()).toBe(503);
  await page.getByRole('link', { name: 'Administrators enter here.' }).click();
  await expect(page.getByText('No contacts yet')).toBeVisible();
  await stranger.getByRole('link', { name: 'Administrators enter here.' }).click();
  await stranger.getByLabel('E-mail or username').fill(admin.email);
  await stranger.getByLabel('Password', { exact: true }).fill(admin.password);
  await stranger.getByRole('button', { name: 'Log in' }).click();
  await expect(stranger.getByText('No contacts yet')).toBeVisible();

  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: /^Instance/ }).click();
  await page.getByRole('switch', { name: 'Maintenance of the whole instance' }).click({ force: true });
  await expect(page.getByText('Maintenance ended')).toBeVisible();
  await expect(async () => {
    await told.getByRole('button', { name: 'Try again' }).click({ timeout: 2_000 });
    await expect(inside.getByText('No match')).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await Promise.all([context.close(), stranger.context().close()]);
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
  await expect(page.getByText('No user has this address.')).toBeVisible();
  await page.getByLabel('E-mail of a user').fill(second.email);
  await page.getByRole('button', { name: 'Make administrator' }).click();
  const line = page.getByRole('listitem').filter({ hasText: second.email });
  await expect(line).toBeVisible();
  await line.getByRole('button', { name: `Remove ${second.email} from the administrators` }).click();
  await expect(line).toHaveCount(0);
});

test('too many wrong passwords: the page says when one may try again, and keeps the address', async ({ page }) => {
  // Where somebody has logged in before, nobody's guessing elsewhere keeps them out: so it is a name of nobody's.
  const email = `gerd-${Date.now()}@example.com`;
  await page.goto('/login');
  await page.getByLabel('E-mail or username').fill(email);
  await page.getByLabel('Password', { exact: true }).fill('not this one');
  // The first wait is a short one, so the page asks at once.
  await expect.poll(async () => (await page.request.post('/api/v1/auth/login', { data: { email, password: 'not this one' } })).status(), { intervals: [0] }).toBe(429);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText(/Too many attempts\. You can try again after \d/);
  await expect(page.getByLabel('E-mail or username')).toHaveValue(email);
  await expectAccessible(page);
});
