import type { Locator, Page } from '@playwright/test';
import { addContact, found } from './support/api';
import { expect, expectAccessible, test } from './support/fixtures';

/** More stops than any page has. */
const FAR = 120;

/** Whether eyes find the element that has the focus. A field shows it by its caret and border. */
async function expectVisibleFocus(page: Page): Promise<void> {
  const seen = await page.evaluate(() => {
    const at = document.activeElement;
    if (!at) return 'nothing has the focus';
    if (at.matches('input:not([type=checkbox], [type=radio]), textarea')) return '';
    // A ring may be drawn by the element itself, or by what stands around it.
    const ringed = [at, at.parentElement, at.parentElement?.parentElement].some((each) => {
      const style = each && getComputedStyle(each);
      return style && ((style.outlineStyle !== 'none' && style.outlineWidth !== '0px') || style.boxShadow !== 'none');
    });
    const { width, height } = at.getBoundingClientRect();
    return ringed && width > 0 && height > 0 ? '' : at.outerHTML.slice(0, 300);
  });
  expect(seen).toBe('');
}

/** Goes on by Tab to a place, and sees the focus at each stop. Once around, behind the last, there is the browser's own. */
async function tabTo(page: Page, place: Locator): Promise<void> {
  let around = 0;
  for (let stop = 0; stop < FAR; stop += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(() => document.activeElement === document.body)) {
      around += 1;
      expect(around, 'nothing has the focus').toBe(1);
      continue;
    }
    await expectVisibleFocus(page);
    if (await place.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${place} is not reached by Tab`);
}

test('somebody without a mouse logs in, finds, opens, edits, looks back, and returns', async ({ page }) => {
  const ada = await found('Keys Only', 'Ada Taste');
  await addContact(ada, { first_name: 'Berta', last_name: 'Erste', city: 'Rome' });
  await addContact(ada, { first_name: 'Zoe', last_name: 'Zweite', city: 'Paris' });

  await page.goto('/login');
  await expect(page.getByLabel('E-mail or username')).toBeFocused();
  await page.keyboard.type(ada.email);
  await tabTo(page, page.getByLabel('Password', { exact: true }));
  await page.keyboard.type(ada.password);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Contacts' })).toBeVisible();

  // The first stop leads past the navigation.
  await tabTo(page, page.getByRole('link', { name: 'Skip to content' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();

  await page.keyboard.press('g');
  await page.keyboard.press('o');
  await expect(page.getByRole('heading', { level: 1, name: 'Companies' })).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await expect(page.getByRole('heading', { level: 1, name: 'Contacts' })).toBeVisible();

  await page.keyboard.press('/');
  await page.keyboard.type('Erste');
  const grid = page.getByRole('grid', { name: 'Contacts, list' });
  const name = grid.getByRole('gridcell', { name: 'Berta Erste', exact: true });
  await expect(page.getByRole('main').getByRole('status').first()).toHaveText('1 record');
  await tabTo(page, name);
  await page.keyboard.press('Enter');
  const panel = page.getByRole('complementary', { name: 'Contact beside the list' });
  await expect(panel.getByRole('heading', { name: 'Berta Erste' })).toBeVisible();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Berta Erste' })).toBeVisible();

  const edit = page.getByRole('button', { name: 'Edit City', exact: true });
  await tabTo(page, edit);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'City', exact: true })).toBeFocused();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Oslo');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-path="city"] dd')).toContainText('Oslo');
  await expect(edit).toBeFocused();

  await expect(page.getByRole('complementary', { name: 'History' }).getByText('changed City: formerly Rome → Oslo')).toBeVisible();
  await page.keyboard.press('[');
  await expect(page).toHaveURL(/version=1/);
  await expect(page.locator('[data-path="city"] dd')).toContainText('Rome');
  await tabTo(page, page.getByRole('button', { name: 'Back to now' }));
  await page.keyboard.press('Enter');
  await expect(page).not.toHaveURL(/version=/);
  await expect(page.locator('[data-path="city"] dd')).toContainText('Oslo');

  // What the browser's own key for going back does.
  await page.evaluate(() => history.back());
  await expect(page).toHaveURL(/version=1|open=|q=Erste/);

  await page.keyboard.press('Control+k');
  // At once, whether the field has the focus yet or not.
  await page.keyboard.type('Zweite');
  await expect(page.getByRole('combobox', { name: 'Search everything, or type a command' })).toHaveValue('Zweite');
  await expect(page.getByRole('option', { name: 'Zoe Zweite' })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Zoe Zweite' })).toBeVisible();

  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(sheet.getByText('Search and commands')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
});

test('a menu, the moment and a dialog are opened, used and left by keys, and the focus comes back', async ({ owner: page }) => {
  await page.goto('/contacts');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const moment = page.getByRole('button', { name: 'As of now' });
  await tabTo(page, moment);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'End of yesterday' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(moment).toBeFocused();

  const self = page.getByRole('button', { name: /log out$/ });
  await tabTo(page, self);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Profile and security' })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(self).toBeFocused();
  for (const name of [/change organization$/, /^View: /]) {
    await page.getByRole('button', { name }).press('Enter');
    await expect(page.getByRole('menu')).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('menu')).toHaveCount(0);
  }

  const add = page.getByRole('button', { name: 'New contact' });
  await tabTo(page, add);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'New contact' });
  await expect(dialog.getByLabel('First name')).toBeFocused();
  // It keeps the focus inside.
  for (let stop = 0; stop < 40; stop += 1) {
    await page.keyboard.press('Tab');
    expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  }
  // In a pick list, Escape would close that one alone.
  await tabTo(page, dialog.getByRole('button', { name: 'Close' }));
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(add).toBeFocused();
});
