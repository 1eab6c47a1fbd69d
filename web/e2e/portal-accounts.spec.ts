import type { Page } from '@playwright/test';
import { addContact, found, join, once, taken } from './support/api';
import { expect, expectAccessible, leavePortal, logIn, test } from './support/fixtures';
import { linkInMail } from './support/mail';
import { ADDRESS } from './support/server';
import { follow } from './support/sign-up';

const PASSWORD = 'eleven calm otters';
const address = (name: string) => `${name}-${Date.now()}@example.com`;
const to = (id: string) => ({ params: { path: { id }, header: once() } });
const pages = (page: Page) => page.getByRole('navigation', { name: 'Pages' });

/** Where a link leads on this site. */
const within = (link: string | null | undefined) => (link ?? '').replace(ADDRESS, '');

test('staff give a contact an account from its page, see that it was opened, and take it away', async ({ page, browser }) => {
  const staff = await found('Otter Desk', 'Olga Schalter');
  const email = address('dora');
  const contact = await addContact(staff, { full_name: 'Dora Draussen', email });
  await logIn(page, staff.email, staff.password);
  await page.goto(`/contacts/${contact.id}`);
  const account = page.getByRole('region', { name: 'Portal account' });
  await expect(account.getByText('No account', { exact: true })).toBeVisible();
  await expect(account.getByText(`A link goes to ${email}.`)).toBeVisible();
  await account.getByRole('button', { name: 'Offer an account' }).click();
  await expect(account.getByText('Offered', { exact: true })).toBeVisible();
  await expect(account.getByText('A link is on its way to Dora Draussen.')).toBeVisible();
  await expectAccessible(page);

  const outside = await browser.newContext();
  const client = await outside.newPage();
  await follow(client, await linkInMail(client, email, '/client-account'));
  await client.getByLabel('New password').fill(PASSWORD);
  await client.getByRole('button', { name: 'Open account' }).click();
  await expect(client.getByRole('heading', { name: 'Welcome, Dora Draussen' })).toBeVisible();

  // The page hears of it by itself.
  await expect(account.getByText('Active', { exact: true })).toBeVisible();
  await account.getByRole('button', { name: 'Take the account away' }).click();
  await expect(account.getByText('The sessions of Dora Draussen in the portal end at once')).toBeVisible();
  await expectAccessible(page);
  await account.getByRole('button', { name: 'Take the account of Dora Draussen away' }).click();
  await expect(account.getByText('No account', { exact: true })).toBeVisible();
  await client.reload();
  await expect(client.getByRole('heading', { name: 'Welcome, Dora Draussen' })).toHaveCount(0);
  await outside.close();

  // Without an address, the link is for handing over; at a moment of the past nothing is done at all.
  const without = await addContact(staff, { full_name: 'Nils Namenlos' });
  await page.goto(`/contacts/${without.id}`);
  await account.getByRole('button', { name: 'Offer an account' }).click();
  await expect(account.getByLabel('Link')).toHaveValue(new RegExp(`^${ADDRESS}/client-account#token=`));
  await account.getByRole('button', { name: 'Withdraw the offer' }).click();
  await expect(account.getByText('No account', { exact: true })).toBeVisible();
  await expect(account.getByLabel('Link')).toHaveCount(0);
  await page.goto(`/contacts/${contact.id}?as_of=${new Date().toISOString()}`);
  await expect(account.getByRole('button', { name: 'Offer an account' })).toHaveAttribute('aria-description', /The past cannot be changed/);
});

test('a contact who is offered an account opens it by the mail, changes their details, and finds back with another password', async ({ page }) => {
  const staff = await found('Otter Care', 'Olga Pflege');
  const email = address('carla');
  const contact = await addContact(staff, { full_name: 'Carla Client', email, city: 'Bern', assigned_to: staff.member });
  const offered = await taken(staff.api.POST('/api/v1/contacts/{id}/account', to(contact.id)));
  expect(offered).toMatchObject({ mailed: true, link: null });

  await follow(page, await linkInMail(page, email, '/client-account'));
  await expect(page.getByText(`Otter Care offers you an account. You log in by ${email}.`)).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('New password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Open account' }).click();
  await page.waitForURL('**/portal');
  await expect(page.getByRole('heading', { name: 'Welcome, Carla Client' })).toBeVisible();
  await expect(page.getByText('Olga Pflege, Otter Care')).toBeVisible();

  await pages(page).getByRole('link', { name: 'Your details' }).click();
  await page.getByLabel('City').fill('Thun');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Your details are saved')).toBeVisible();
  const seen = await taken(staff.api.GET('/api/v1/contacts/{id}', { params: { path: { id: contact.id } } }));
  expect(seen.city).toBe('Thun');

  // What staff work with is nothing for clients, whatever they ask for.
  for (const path of ['/contacts', `/contacts/${contact.id}`, '/settings/members', '/audit']) {
    await page.goto(path);
    await page.waitForURL('**/portal');
  }
  await leavePortal(page);

  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('button', { name: 'Send a link' }).click();
  await follow(page, await linkInMail(page, email, '/reset-password'));
  await page.getByLabel('New password').fill('twelve wild otters');
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByRole('link', { name: 'To the log-in' }).click();
  // The log-in of the staff leads clients to the portal as well.
  await page.getByLabel('E-mail or username').fill(email);
  await page.getByLabel('Password', { exact: true }).fill('twelve wild otters');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForURL('**/portal');
  await expect(page.getByRole('heading', { name: 'Welcome, Carla Client' })).toBeVisible();
});

test('whoever has no address is handed a link, and chooses a name to log in by', async ({ page }) => {
  const staff = await found('Otter Home', 'Olga Heim');
  const contact = await addContact(staff, { full_name: 'Nora Namenlos' });
  const offered = await taken(staff.api.POST('/api/v1/contacts/{id}/account', to(contact.id)));
  await follow(page, within(offered.link));
  const username = `nora.${Date.now()}`;
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('New password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Open account' }).click();
  await page.waitForURL('**/portal');

  // Staff help to a new password.
  const helped = await taken(staff.api.POST('/api/v1/contacts/{id}/account/reset', to(contact.id)));
  await leavePortal(page);
  await follow(page, within(helped.link));
  await expectAccessible(page);
  await page.getByLabel('New password').fill('thirteen shy otters');
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.waitForURL('**/portal');
  await expect(page.getByRole('heading', { name: 'Welcome, Nora Namenlos' })).toBeVisible();
  // The link was good once.
  await leavePortal(page);
  await follow(page, within(helped.link));
  await page.getByLabel('New password').fill('fourteen sly otters');
  await page.getByRole('button', { name: 'Set password' }).click();
  await expect(page.getByText('This link is not good any longer')).toBeVisible();
});

test('a colleague chooses a password by the link that they were handed', async ({ page }) => {
  const staff = await found('Otter Works', 'Olga Werk');
  const colleague = await join(staff, 'Kurt Kollege', 'sales');
  const link = await taken(staff.api.POST('/api/v1/members/{id}/password/reset', { params: { path: { id: colleague.member } } }));
  await follow(page, within(link.link?.url));
  await page.getByLabel('New password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Set password' }).click();
  await expect(page.getByRole('button', { name: 'Otter Works: change organization' })).toBeVisible();
});

test('somebody who is staff here and a client there goes from one to the other', async ({ page }) => {
  const mine = await found('Own House', 'Ina Beides');
  const other = await found('Other House', 'Olga Fremd');
  const contact = await addContact(other, { full_name: 'Ina Beides', email: mine.email });
  await taken(other.api.POST('/api/v1/contacts/{id}/account', to(contact.id)));
  await follow(page, await linkInMail(page, mine.email, '/client-account'));
  await page.getByLabel('Password', { exact: true }).fill(mine.password);
  await page.getByRole('button', { name: 'Open account' }).click();
  await page.waitForURL('**/portal');
  await expect(page.getByText('Other House').first()).toBeVisible();

  await page.getByRole('button', { name: 'Where else you belong' }).click();
  await page.getByRole('menuitem', { name: 'Own House' }).click();
  const menu = page.getByRole('button', { name: 'Own House: change organization' });
  await expect(menu).toBeVisible();
  await menu.click();
  await page.getByRole('menuitem', { name: /^Other House.*client$/ }).click();
  await page.waitForURL('**/portal');
  await expect(page.getByRole('heading', { name: 'Welcome, Ina Beides' })).toBeVisible();
  // Who logs in anew comes to where they were last, or chooses there.
  await leavePortal(page);
  await logIn(page, mine.email, mine.password);
  await expect(page.getByText(/^(Own|Other) House$/).first()).toBeVisible();
});
