import type { Page } from '@playwright/test';
import { found } from './support/api';
import { expect, expectAccessible, logIn, logOut, test } from './support/fixtures';
import { codeOf } from './support/totp';

async function passwordAlone(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel('E-mail or username').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

async function enterCode(page: Page, code: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Code', exact: true }).fill(code);
  await page.getByRole('button', { name: 'Log in' }).click();
}

const within = (page: Page) => expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();

test('a second factor is set up, asked for, replaced by a recovery code, and switched off', async ({ page }) => {
  const ada = await found('Two Keys', 'Ada Zweitens');
  await logIn(page, ada.email, ada.password);
  await page.goto('/settings/security');
  const factor = page.getByRole('region', { name: 'Second factor' });
  await factor.getByRole('button', { name: 'Set up' }).click();
  const picture = factor.getByRole('img', { name: /^QR code/ });
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBeGreaterThan(0);
  await expectAccessible(page);
  const secret = await factor.getByRole('textbox', { name: 'Key', exact: true }).inputValue();

  await factor.getByLabel('Code from the app').fill('000000');
  await factor.getByRole('button', { name: 'Confirm' }).click();
  await expect(factor.getByRole('alert')).toContainText('This code is wrong');
  const used = codeOf(secret);
  await factor.getByLabel('Code from the app').fill(used);
  await factor.getByRole('button', { name: 'Confirm' }).click();
  await expect(factor.getByText(/^Keep these codes/)).toBeVisible();
  await expectAccessible(page);
  const codes = (await factor.getByRole('textbox', { name: 'All codes' }).inputValue()).split(' ');
  expect(codes.length).toBeGreaterThanOrEqual(8);
  await factor.getByRole('button', { name: 'I have kept them' }).click();
  await expect(factor.getByText(`${codes.length} recovery codes left`)).toBeVisible();

  await logOut(page);
  await passwordAlone(page, ada.email, ada.password);
  await expect(page.getByRole('textbox', { name: 'Code', exact: true })).toBeFocused();
  await expectAccessible(page);
  await enterCode(page, used);
  await expect(page.getByRole('main').getByRole('alert')).toContainText('was used before');
  await enterCode(page, codeOf(secret, 1));
  await within(page);

  await logOut(page);
  await passwordAlone(page, ada.email, ada.password);
  await enterCode(page, codes[0] ?? '');
  await within(page);
  await page.goto('/settings/security');
  await expect(factor.getByText(`${codes.length - 1} recovery codes left`)).toBeVisible();

  // A recovery code is good once.
  await logOut(page);
  await passwordAlone(page, ada.email, ada.password);
  await enterCode(page, codes[0] ?? '');
  await expect(page.getByRole('main').getByRole('alert')).toContainText('was used before');
  await enterCode(page, codes[1] ?? '');
  await within(page);

  await page.goto('/settings/security');
  await factor.getByRole('button', { name: 'Switch off' }).click();
  await expect(factor.getByRole('button', { name: 'Set up' })).toBeVisible();
  await logOut(page);
  await passwordAlone(page, ada.email, ada.password);
  await within(page);
});
