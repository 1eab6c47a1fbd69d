import type { Browser, Page } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { expect, expectAccessible, logIn, test } from './support/fixtures';

const once = () => randomUUID().slice(0, 8);
const grid = (page: Page) => page.getByRole('grid', { name: 'Contacts, list' });
const header = (page: Page, name: string) => grid(page).getByRole('columnheader', { name });
const shown = (page: Page, name: string) => page.getByRole('button', { name: `View: ${name}`, exact: true });
const direction = (page: Page, order: 'ascending' | 'descending' | 'none') => expect(header(page, 'Name')).toHaveAttribute('aria-sort', order);

async function openList(page: Page, search = ''): Promise<void> {
  await page.goto(`/contacts${search}`);
  await expect(grid(page)).toHaveAttribute('aria-busy', 'false');
}

async function choose(page: Page, view: string, item: string): Promise<void> {
  await shown(page, view).click();
  await page.getByRole('menuitem', { name: item }).click();
}

/** Saves contacts in descending order of name as a view. */
async function save(page: Page, name: string): Promise<void> {
  await openList(page, '?sort=-name');
  await page.getByRole('button', { name: 'Save as…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save as…' });
  await dialog.getByLabel('Name of the view').fill(name);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(shown(page, name)).toBeVisible();
  await expect(page).toHaveURL(/\?view=[0-9a-f-]{36}$/);
}

/** Somebody else of the staff, in a browser of their own. */
async function colleague(page: Page, browser: Browser): Promise<Page> {
  await page.goto('/settings/members');
  const username = `vera_${once()}`;
  await page.getByRole('button', { name: 'Add without mail' }).click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(`Vera ${username}`);
  await page.getByLabel('Username').fill(username);
  await page.getByRole('combobox', { name: 'Roles' }).press('ArrowDown');
  await page.getByRole('option', { name: 'Manager', exact: true }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const link = page.getByLabel('Link to choose a password');
  await expect(link).toHaveValue(/^http/);
  const other = await (await browser.newContext()).newPage();
  await other.goto(await link.inputValue());
  const password = `quiet otter ${once()}`;
  await other.getByLabel('New password', { exact: true }).fill(password);
  await other.getByRole('button', { name: 'Set password' }).click();
  await other.waitForURL((url) => !url.pathname.startsWith('/set-password'));
  if (new URL(other.url()).pathname === '/login') await logIn(other, username, password);
  return other;
}

test('a view is saved, changed and saved again, and changes are discarded', async ({ owner: page }) => {
  const name = `From the end ${once()}`;
  await save(page, name);
  await direction(page, 'descending');
  await header(page, 'E-mail').getByRole('button').click();
  await expect(page.getByText('changed', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Discard changes' }).click();
  await direction(page, 'descending');
  await expect(page.getByText('changed', { exact: true })).toHaveCount(0);
  await header(page, 'Name').getByRole('button').click();
  await expect(page.getByText('changed', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page).toHaveURL(/\?view=[0-9a-f-]{36}$/);
  const order = await header(page, 'Name').getAttribute('aria-sort');
  await page.reload();
  await expect(shown(page, name)).toBeVisible();
  await expect(header(page, 'Name')).toHaveAttribute('aria-sort', order ?? '');
});

test('a view is renamed, deleted and brought back by Undo', async ({ owner: page }) => {
  const [name, other] = [`Old ${once()}`, `New ${once()}`];
  await save(page, name);
  await choose(page, name, 'Rename…');
  const dialog = page.getByRole('dialog', { name: 'Rename…' });
  await dialog.getByLabel('Name of the view').fill(other);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(shown(page, other)).toBeVisible();
  await choose(page, other, 'Delete view');
  await expect(shown(page, 'All contacts')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(shown(page, other)).toBeVisible();
  await direction(page, 'descending');
});

test('a shared view is seen by a colleague, until it is private again', async ({ owner: page, browser }) => {
  const other = await colleague(page, browser);
  const name = `For all ${once()}`;
  await save(page, name);
  await openList(other);
  await shown(other, 'All contacts').click();
  await expect(other.getByRole('menuitem', { name: 'All contacts' })).toBeVisible();
  await expect(other.getByRole('menuitem', { name })).toHaveCount(0);

  await choose(page, name, 'Share');
  await expect(page.getByText(`The view “${name}” is shared`)).toBeVisible();
  await openList(other);
  await choose(other, 'All contacts', name);
  await direction(other, 'descending');

  await choose(page, name, 'Keep to myself');
  await expect(page.getByText(`The view “${name}” is only yours now`)).toBeVisible();
  await other.reload();
  await expect(other.getByText('This view does not exist any more, or is not yours to see.')).toBeVisible();
  await other.context().close();
});

test('a list begins with the view that one chose, and everything stays within reach', async ({ owner: page }) => {
  const name = `First ${once()}`;
  await save(page, name);
  await choose(page, name, 'Begin with this view');
  await expect(page.getByText(`The list of contacts begins with “${name}” for you`)).toBeVisible();
  await openList(page);
  await expect(shown(page, name)).toBeVisible();
  await direction(page, 'descending');
  await expectAccessible(page);
  await shown(page, name).click();
  await page.getByRole('menuitem', { name: 'All contacts' }).click();
  await expect(page).toHaveURL(/\?view=all$/);
  await direction(page, 'none');
  await page.reload();
  await expect(shown(page, 'All contacts')).toBeVisible();
  await openList(page);
  await choose(page, name, 'Begin with all records again');
  await expect(page.getByText('The list of contacts begins with all of them again')).toBeVisible();
  await openList(page);
  await expect(shown(page, 'All contacts')).toBeVisible();
  await choose(page, 'All contacts', name);
  await choose(page, name, 'Delete view');
});
