import type { Page } from '@playwright/test';
import { addContact, enter, found, once, type Person, taken } from './support/api';
import { expect, expectAccessible, logIn, logOut, test } from './support/fixtures';

let ada: Person;

test.beforeAll(async () => {
  ada = await found('Patience', 'Ada Wartet');
});

/** Ends all of one's sessions, from another place. */
async function endAll({ email, password }: Person): Promise<void> {
  const elsewhere = await enter(email, password);
  await taken(elsewhere.POST('/api/v1/auth/logout_all'));
}

async function halfFilled(page: Page, last: string) {
  await page.goto('/contacts');
  await page.getByRole('button', { name: 'New contact' }).click();
  const form = page.getByRole('dialog', { name: 'New contact' });
  await form.getByLabel('First name').fill('Half');
  await form.getByLabel('Last name').fill(last);
  return form;
}

async function logInAgain(page: Page, { email, password }: Person): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Log in again' });
  await dialog.getByLabel('E-mail or username').fill(email);
  await dialog.getByLabel('Password', { exact: true }).fill(password);
  await dialog.getByRole('button', { name: 'Log in' }).click();
  await expect(dialog).toBeHidden();
}

test('a session that was ended elsewhere is asked for again by itself; the form stays, and so does the feed', async ({ page }) => {
  const contact = await addContact(ada, { first_name: 'Vera', last_name: 'Vorher', city: 'Rome' });
  await logIn(page, ada.email, ada.password);
  const form = await halfFilled(page, 'Bleibt');
  await endAll(ada);
  await expect(page.getByRole('dialog', { name: 'Log in again' })).toBeVisible();
  await expectAccessible(page);
  await logInAgain(page, ada);
  await expect(form.getByLabel('Last name')).toHaveValue('Bleibt');
  await form.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('heading', { name: 'Half Bleibt' })).toBeVisible();
  // What others change is heard again.
  const elsewhere = await enter(ada.email, ada.password);
  await taken(elsewhere.PATCH('/api/v1/contacts/{id}', { params: { path: { id: contact.id } }, body: { city: 'Utrecht' } }));
  await expect(page.getByRole('grid').getByText('Utrecht')).toBeVisible();
});

test('what was being saved when the session ended goes on after logging in', async ({ page }) => {
  await page.route('**/api/v1/live', (route) => route.abort());
  await logIn(page, ada.email, ada.password);
  const form = await halfFilled(page, 'Mittendrin');
  await endAll(ada);
  await form.getByRole('button', { name: 'Create' }).click();
  await logInAgain(page, ada);
  await expect(page.getByRole('heading', { name: 'Half Mittendrin' })).toBeVisible();
});

test('an access token that has run out is renewed without a word', async ({ page }) => {
  await logIn(page, ada.email, ada.password);
  const form = await halfFilled(page, 'Erneuert');
  // As the server answers once the token has run out, which takes longer than a test.
  await page.route('**/api/v1/contacts', (route) => route.fulfill({ status: 401, contentType: 'application/problem+json', body: JSON.stringify({ code: 'token_invalid', detail: 'This token is not valid, or not any longer.', status: 401, errors: [], request_id: 'x' }) }), { times: 1 });
  const renewed = page.waitForResponse((answer) => answer.url().endsWith('/auth/refresh') && answer.ok());
  await form.getByRole('button', { name: 'Create' }).click();
  await renewed;
  await expect(page.getByRole('heading', { name: 'Half Erneuert' })).toBeVisible();
});

test('who logs in again in one tab is back in the others, and hears what changes in both', async ({ page, context }) => {
  const before = await enter(ada.email, ada.password);
  const contact = await addContact({ ...ada, api: before }, { first_name: 'Zita', last_name: 'Zweifach', city: 'Rome' });
  await logIn(page, ada.email, ada.password);
  await expect(page.getByRole('grid').getByText('Rome')).toBeVisible();
  const other = await context.newPage();
  await other.goto('/contacts');
  const form = await halfFilled(page, 'Doppelt');
  await endAll(ada);
  await expect(other.getByRole('dialog', { name: 'Log in again' })).toBeVisible();
  await expect(page.getByRole('dialog', { name: 'Log in again' })).toBeVisible();
  await logInAgain(other, ada);
  await expect(page.getByRole('dialog', { name: 'Log in again' })).toBeHidden();
  const elsewhere = await enter(ada.email, ada.password);
  await taken(elsewhere.PATCH('/api/v1/contacts/{id}', { params: { path: { id: contact.id } }, body: { city: 'Lucca' } }));
  await expect(other.getByRole('grid').getByText('Lucca')).toBeVisible();
  await form.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('heading', { name: 'Half Doppelt' })).toBeVisible();
  await expect(page.getByRole('grid').getByText('Lucca')).toBeVisible();
});

test('who goes over to another organization in another tab is asked on the first, where nothing goes astray', async ({ page, context }) => {
  const ina = await found('First House', 'Ina Zweimal');
  await taken(ina.api.POST('/api/v1/organizations', { body: { name: 'Second House' }, params: { header: once() } }));
  await logIn(page, ina.email, ina.password);
  await expect(page.getByRole('button', { name: 'First House: change organization' })).toBeVisible();
  const form = await halfFilled(page, 'Daheim');
  const other = await context.newPage();
  await other.goto('/contacts');
  await other.getByRole('button', { name: 'First House: change organization' }).click();
  await other.getByRole('menuitem', { name: /^Second House/ }).click();
  await expect(other.getByRole('button', { name: 'Second House: change organization' })).toBeVisible();

  const asked = page.getByRole('dialog', { name: 'This page belongs to another profile' });
  await expect(asked).toContainText('This page still shows First House. What you typed is kept.');
  await expectAccessible(page);
  await asked.getByRole('button', { name: 'Go back to First House' }).click();
  await expect(asked).toBeHidden();
  await form.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('heading', { name: 'Half Daheim' })).toBeVisible();
  // Now it is the other tab that is asked; that one begins anew.
  await other.getByRole('dialog', { name: 'This page belongs to another profile' }).getByRole('button', { name: 'Load the page anew' }).click();
  await expect(other.getByRole('button', { name: 'First House: change organization' })).toBeVisible();
  await expect(other.getByRole('link', { name: 'Half Daheim' })).toBeVisible();
});

test('who logs in as somebody else in another tab does not save what the first one typed', async ({ page, context }) => {
  const eve = await found('Elsewhere', 'Eve Nebenan');
  await page.route('**/api/v1/live', (route) => route.abort());
  await logIn(page, ada.email, ada.password);
  const form = await halfFilled(page, 'Eigen');
  const other = await context.newPage();
  await other.goto('/contacts');
  await logOut(other);
  await logIn(other, eve.email, eve.password);
  await form.getByRole('button', { name: 'Create' }).click();
  const asked = page.getByRole('dialog', { name: 'Log in again' });
  await expect(asked).toContainText('Somebody else has logged in in this browser.');
  await expectAccessible(page);
  await logInAgain(page, ada);
  await expect(page.getByRole('heading', { name: 'Half Eigen' })).toBeVisible();
  await other.goto('/contacts');
  await expect(other.getByRole('link', { name: 'Half Eigen' })).toBeVisible();
  await expect(other.getByRole('button', { name: 'Patience: change organization' })).toBeVisible();
});

test('somebody else who logs in there does not save what the first one typed', async ({ page }) => {
  const eve = await found('Elsewhere', 'Eve Andere');
  await page.route('**/api/v1/live', (route) => route.abort());
  await logIn(page, ada.email, ada.password);
  const form = await halfFilled(page, 'Fremd');
  await endAll(ada);
  await form.getByRole('button', { name: 'Create' }).click();
  await logInAgain(page, eve);
  await expect(page.getByRole('button', { name: /^Elsewhere: / })).toBeVisible();
  await page.goto('/contacts');
  await expect(page.getByText('No contacts yet')).toBeVisible();
});
