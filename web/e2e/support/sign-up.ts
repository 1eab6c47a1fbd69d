import { expect, type Page } from '@playwright/test';
import { linkInMail } from './mail';

interface Founder {
  organization: string;
  name: string;
  email: string;
  password: string;
}

/** Opens the link of a mail, and sees that its token does not stay in the address bar. */
export async function follow(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page).not.toHaveURL(/token/);
}

/** Founds an organization, as people do. A demo's would not do where mails are needed: it sends none. */
export async function signUp(page: Page, { organization, name, email, password }: Founder): Promise<void> {
  await page.goto('/signup');
  await page.getByLabel('Organization').fill(organization);
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Look into your mail' })).toBeVisible();
  await follow(page, await linkInMail(page, email, '/verify-email'));
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByRole('button', { name: `${organization}: change organization` })).toBeVisible();
}
