import { expect, expectAccessible, test } from './support/fixtures';
import { linkInMail } from './support/mail';
import { follow, signUp } from './support/sign-up';

const PASSWORD = 'six brown badgers';

test('somebody new accepts an invitation, and somebody who is in joins with the account that they have', async ({ page: owner, browser }) => {
  const at = Date.now();
  await signUp(owner, { organization: 'Badger Works', name: 'Bo Badger', email: `bo-${at}@example.com`, password: PASSWORD });
  await owner.goto('/settings/invitations');
  const invite = async (email: string) => {
    await owner.getByRole('button', { name: 'Invite', exact: true }).click();
    await owner.getByLabel('E-mail').fill(email);
    await owner.getByRole('button', { name: 'Send the invitation' }).click();
    await expect(owner.getByText(`${email} is invited`)).toBeVisible();
  };
  const newcomer = `nia-${at}@example.com`;
  const known = `kim-${at}@example.com`;
  await invite(newcomer);
  await invite(known);

  const first = await browser.newContext();
  const nia = await first.newPage();
  await follow(nia, await linkInMail(nia, newcomer, '/invitation'));
  await expect(nia.getByText('Badger Works')).toBeVisible();
  await expect(nia.getByText('Bo Badger')).toBeVisible();
  for (const colorScheme of ['light', 'dark'] as const) {
    await nia.emulateMedia({ colorScheme });
    await expectAccessible(nia);
  }
  await nia.getByLabel('Your name').fill('Nia New');
  await nia.getByLabel('New password').fill(PASSWORD);
  await nia.getByRole('button', { name: 'Accept the invitation' }).click();
  await expect(nia.getByRole('button', { name: 'Badger Works: change organization' })).toBeVisible();
  await first.close();

  const second = await browser.newContext();
  const kim = await second.newPage();
  await signUp(kim, { organization: 'Kim and Sons', name: 'Kim Known', email: known, password: PASSWORD });
  await follow(kim, await linkInMail(kim, known, '/invitation'));
  await expect(kim.getByText(`You are logged in as ${known}.`)).toBeVisible();
  await expectAccessible(kim);
  await kim.getByRole('button', { name: 'Accept the invitation' }).click();
  await expect(kim.getByRole('button', { name: 'Badger Works: change organization' })).toBeVisible();
  await second.close();
});
