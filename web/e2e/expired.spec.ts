import type { Page } from '@playwright/test';
import { addContact, enter, found, type Person, taken } from './support/api';
import { expect, expectAccessible, logIn, test } from './support/fixtures';

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
