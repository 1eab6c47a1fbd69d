import type { Page } from '@playwright/test';
import { expect, expectAccessible, logIn, test } from './support/fixtures';
import { OWNER } from './support/server';

const once = () => Math.random().toString(36).slice(2, 8);
const undo = (page: Page) => page.getByRole('button', { name: 'Undo' }).last().click();

test('the organization is renamed, and renamed back from its history', async ({ owner: page }) => {
  await page.goto('/settings/organization');
  const name = page.getByRole('textbox', { name: 'Name' });
  const before = await name.inputValue();
  await name.fill(`Renamed ${once()}`);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Organization changed')).toBeVisible();
  await page.getByRole('region', { name: 'History' }).getByRole('button', { name: 'Go back to this' }).last().click();
  await expect(name).toHaveValue(before);
});

test('a role shows what would change before it is saved, and is undone', async ({ owner: page }) => {
  await page.goto('/settings/roles');
  const name = `Helpers ${once()}`;
  await page.getByRole('button', { name: 'New role' }).click();
  await page.getByLabel('Name of the role').fill(name);
  await page.getByLabel('Starting with what').selectOption({ label: 'Sales' });
  await page.getByRole('button', { name: 'Create the role' }).click();
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();

  await page.getByLabel('Contacts: Delete', { exact: true }).selectOption('All');
  await page.getByLabel('Contacts: Export', { exact: true }).selectOption('None');
  const changes = page.getByRole('region', { name: 'Not saved yet.' });
  await expect(changes).toContainText('Contacts, Delete: widens Own to All');
  await expect(changes).toContainText('Contacts, Export: takes it away (was Own)');
  await expect(changes).toContainText('0 active members have this role.');

  // What is begun survives looking something up elsewhere.
  await page.getByRole('link', { name: 'All roles' }).click();
  await page.getByRole('link', { name }).click();
  await expect(changes).toContainText('Contacts, Delete: widens Own to All');

  await changes.getByRole('button', { name: 'Save these changes' }).click();
  await expect(page.getByText(`“${name}” saved`)).toBeVisible();
  await expect(changes).toBeHidden();
  await page.reload();
  await expect(page.getByLabel('Contacts: Delete', { exact: true })).toHaveValue('all');
});

test('the matrix of a role is filled in with the keyboard alone', async ({ owner: page }) => {
  await page.goto('/settings/roles');
  await page.getByRole('button', { name: 'New role' }).click();
  await page.keyboard.type(`Keys ${once()}`);
  await page.keyboard.press('Enter');
  const see = page.getByLabel(/^Contacts: See/);
  await see.focus();
  await page.keyboard.press('T');
  await expect(see).toHaveValue('team');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await expect(page.getByLabel('Contacts: Make (not saved)')).toBeChecked();
  const save = page.getByRole('button', { name: 'Save these changes' });
  await save.focus();
  await page.keyboard.press('Enter');
  await expect(save).toBeHidden();
});

test('one sees as a role sees, and cannot change anything meanwhile', async ({ owner: page }) => {
  await page.goto('/settings/roles');
  await page.getByRole('link', { name: 'Sales', exact: true }).click();
  await page.getByRole('button', { name: 'View as this role' }).click();
  await expect(page.getByText('You see what the role “Sales” would show.')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Audit' })).toBeHidden();
  await page.getByRole('button', { name: 'See as yourself again' }).click();
  await expect(page.getByRole('link', { name: 'Audit' })).toBeVisible();
});

test('a member is added without mail, deactivated and taken back', async ({ owner: page }) => {
  await page.goto('/settings/members');
  const name = `Nils ${once()}`;
  await page.getByRole('button', { name: 'Add without mail' }).click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await page.getByLabel('Username').fill(`nils_${once()}`);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByLabel('Link to choose a password')).toHaveValue(/^http/);
  await page.getByRole('link', { name }).click();
  await page.getByRole('button', { name: 'Deactivate' }).click();
  await expect(page.getByText(`${name} cannot enter any more`)).toBeVisible();
  await undo(page);
  await expect(page.getByRole('button', { name: 'Deactivate' })).toBeVisible();
});

test('the last owner cannot be removed, and is told why', async ({ owner: page }) => {
  await page.goto('/settings/members');
  await page.getByRole('row', { name: /Owner/ }).getByRole('link').click();
  const leave = page.getByRole('button', { name: 'Leave the organization' });
  await expect(leave).toHaveAttribute('aria-description', /always has an owner/);
});

test('somebody is invited, and the invitation is withdrawn', async ({ owner: page }) => {
  await page.goto('/settings/invitations');
  const email = `${once()}@example.com`;
  await page.getByRole('button', { name: 'Invite' }).click();
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('button', { name: 'Send the invitation' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: email })).toContainText('Waiting');
  await page.getByRole('button', { name: `Withdraw: ${email}` }).click();
  await expect(page.getByRole('listitem').filter({ hasText: email })).toContainText('Withdrawn');
});

test('a team gets its members, is deleted and restored', async ({ owner: page }) => {
  await page.goto('/settings/teams');
  const name = `Team ${once()}`;
  await page.getByRole('button', { name: 'New team' }).click();
  await page.getByLabel('Name of the team').fill(name);
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('button', { name: `Members of “${name}”` }).click();
  await page.getByRole('combobox', { name: `Members of “${name}”` }).click();
  await page.getByRole('option').first().click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: name })).not.toContainText('Nobody is in it');
  await page.getByRole('button', { name: `Delete “${name}”` }).click();
  await page.getByRole('button', { name: `Restore “${name}”` }).click();
  await expect(page.getByRole('button', { name: `Delete “${name}”` })).toBeVisible();
});

test('a guarded act asks who sits there, and goes on after the password', async ({ owner: page }) => {
  await page.goto('/settings/api-keys');
  // The server asks of who has not shown it for ten minutes; here it answers so once.
  let refused = false;
  await page.route('**/api/v1/api_keys', async (route) => {
    if (refused || route.request().method() !== 'POST') return route.fallback();
    refused = true;
    return route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify({ code: 'reauthentication_required', detail: 'Show once more who you are.', status: 403, errors: [], request_id: 'x' }) });
  });
  const name = `Robot ${once()}`;
  await page.getByRole('button', { name: 'New key' }).click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await page.getByLabel('Contacts: See').check();
  await page.getByRole('button', { name: 'Make the key' }).click();
  const dialog = page.getByRole('dialog', { name: 'Is it still you?' });
  await dialog.getByLabel('Password', { exact: true }).fill('wrong');
  await dialog.getByRole('button', { name: 'Go on' }).click();
  await expect(dialog.getByRole('alert')).toBeVisible();
  await dialog.getByLabel('Password', { exact: true }).fill(OWNER.password());
  await dialog.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByRole('textbox', { name: 'Key', exact: true })).toHaveValue(/^hs_/);
  await page.getByRole('button', { name: `Revoke “${name}”` }).click();
  await page.getByRole('button', { name: `Revoke “${name}”` }).click();
  await expect(page.getByText(`“${name}” is revoked`)).toBeVisible();
});

test('a tag is added, archived, and offered again by undoing', async ({ owner: page }) => {
  await page.goto('/settings/lists');
  const label = `Fair ${once()}`;
  await page.getByRole('button', { name: 'Add a value' }).click();
  await page.getByLabel('New value').fill(label);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  // Tags may be written otherwise than they were typed.
  await page.getByRole('button', { name: new RegExp(`Archive “${label}”`, 'i') }).click();
  await expect(page.getByRole('button', { name: new RegExp(`Offer again: ${label}`, 'i') })).toBeVisible();
  // Adding offers to be undone as well: the newest message is to be that of archiving.
  await expect(page.getByText(new RegExp(`“${label}” is offered no longer`, 'i'))).toBeVisible();
  await undo(page);
  await expect(page.getByRole('button', { name: new RegExp(`Archive “${label}”`, 'i') })).toBeVisible();
});

test('the audit tells what happened, filters by address, and opens details in place', async ({ owner: page }) => {
  await page.goto('/audit');
  await page.getByLabel('What', { exact: true }).selectOption({ label: 'Contact' });
  await page.getByLabel('What happened').selectOption({ label: 'Changed the status of a record' });
  await expect(page).toHaveURL(/event=contact\.status_changed/);
  const entries = page.getByRole('main').getByRole('listitem');
  await expect(entries.filter({ hasNotText: 'changed the status of' })).toHaveCount(0);
  const first = entries.first();
  await first.getByRole('button').first().click();
  await expect(first).toContainText('→');
  await expect(page).toHaveURL(/open=\d+/);
  await page.reload();
  await expect(page.getByRole('main').getByRole('listitem').first()).toContainText('→');
});

test('a deleted record is found in the recycle bin and restored', async ({ owner: page }) => {
  await page.goto('/recycle-bin');
  const row = page.getByRole('row').nth(1);
  const name = await row.getByRole('link').innerText();
  await row.getByRole('button', { name: `Restore ${name}` }).click();
  await expect(page.getByText('1 record restored')).toBeVisible();
  await expect(page.getByRole('link', { name, exact: true })).toBeHidden();
  await undo(page);
  await expect(page.getByRole('link', { name, exact: true })).toBeVisible();
});

test('who may not manage is not led into what they cannot use', async ({ page }) => {
  await logIn(page, OWNER.email, OWNER.password());
  await page.goto('/settings/instance');
  await expect(page.getByText('Not yours to see')).toBeVisible();
});

const PAGES = [
  '/settings', '/settings/profile', '/settings/security', '/settings/api-keys', '/settings/organization', '/settings/modules',
  '/settings/lists', '/settings/members', '/settings/invitations', '/settings/teams', '/settings/roles', '/audit', '/audit/rights', '/recycle-bin',
];

for (const colorScheme of ['light', 'dark'] as const) {
  test(`settings, audit and recycle bin are accessible in the ${colorScheme} scheme`, async ({ owner: page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const path of PAGES) {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expectAccessible(page);
    }
  });
}
