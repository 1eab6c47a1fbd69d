import { addContact, found, type Person, changeContact } from './support/api';
import { expect, expectAccessible, logIn, test } from './support/fixtures';

let ada: Person;

test.beforeAll(async () => {
  ada = await found('Far Away', 'Ada Fern');
});

test('without a connection the page says so, keeps what was typed, and goes on when it is back', async ({ page, context }) => {
  const contact = await addContact(ada, { first_name: 'Otto', last_name: 'Offline', city: 'Rome' });
  await logIn(page, ada.email, ada.password);
  await page.goto(`/contacts/${contact.id}`);
  await page.getByRole('button', { name: 'Edit City', exact: true }).click();
  await page.getByRole('textbox', { name: 'City', exact: true }).fill('Oslo');

  await context.setOffline(true);
  const banner = page.getByRole('status').filter({ hasText: 'You are offline' });
  await expect(banner).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^The server cannot be reached. What you typed is kept/)).toBeVisible();
  const editor = page.getByRole('textbox', { name: 'City', exact: true });
  await expect(editor).toHaveValue('Oslo');
  // Others go on meanwhile.
  await changeContact(ada, contact.id, { phone: '+49 30 901820' });

  await context.setOffline(false);
  await expect(banner).toHaveCount(0);
  await editor.press('Enter');
  await expect(page.locator('[data-path="city"] dd')).toContainText('Oslo');
  await expect(page.locator('[data-path="phone"] dd')).toContainText('901820');
});

test('a list that could not be loaded loads by itself when the connection is back', async ({ page, context }) => {
  await addContact(ada, { first_name: 'Lise', last_name: 'Liste' });
  await logIn(page, ada.email, ada.password);
  await expect(page.getByRole('link', { name: 'Lise Liste' })).toBeVisible();
  await context.setOffline(true);
  await page.getByRole('link', { name: 'Companies' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'The server cannot be reached' })).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText('No companies yet')).toBeVisible();
});

test.describe('a part of the interface that was never loaded', () => {
  test('does not take the page away without a connection', async ({ page, context }) => {
    await logIn(page, ada.email, ada.password);
    await expect(page.getByRole('searchbox')).toBeVisible();
    await context.setOffline(true);
    await page.getByRole('link', { name: 'Recycle bin' }).click();
    await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
    await context.setOffline(false);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByText('The recycle bin is empty')).toBeVisible();
  });

  test('says so in the place of a dialog, and comes when the connection is back', async ({ page, context }) => {
    await logIn(page, ada.email, ada.password);
    await expect(page.getByRole('searchbox')).toBeVisible();
    await context.setOffline(true);
    await page.keyboard.press('?');
    const missing = page.getByRole('dialog', { name: 'This could not be loaded' });
    await expect(missing.getByRole('alert')).toContainText('The server cannot be reached');
    await expectAccessible(page);
    await context.setOffline(false);
    await missing.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByText('Search and commands')).toBeVisible();
  });

  test('comes by another attempt after the server was away for a moment', async ({ page }) => {
    // Before the page is there: once, when this was said after it, the part came all the same.
    const part = '**/app/cheat-sheet-*.js*';
    await page.route(part, (route) => route.abort());
    await logIn(page, ada.email, ada.password);
    await expect(page.getByRole('searchbox')).toBeVisible();
    const refused = page.waitForEvent('requestfailed', (request) => request.url().includes('/app/cheat-sheet-'));
    await page.keyboard.press('?');
    await refused;
    const missing = page.getByRole('dialog', { name: 'This could not be loaded' });
    await expect(missing.getByRole('alert')).toContainText('if Hindsight was updated meanwhile, reload the page');
    await page.unroute(part);
    await missing.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByText('Search and commands')).toBeVisible();
  });
});
