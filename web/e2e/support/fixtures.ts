import { test as base, expect, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { OWNER } from './server';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Logs in by the page, as people do. */
export async function logIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto('/login');
  await page.getByLabel('E-mail or username').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/login'));
}

/** Logs out by the page of staff. */
export async function logOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /log out$/ }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.waitForURL('**/login');
}

/** Logs a client out, and waits for the page that is loaded anew after it. */
export async function leavePortal(page: Page): Promise<void> {
  const left = page.waitForEvent('load');
  await page.getByRole('button', { name: 'Log out' }).click();
  await left;
}

/** Whether axe finds anything wrong on the page as it is now; by all its rules, or by some. */
export async function expectAccessible(page: Page, ...rules: string[]): Promise<void> {
  // By the protocol, so that the page's own policy need not allow it.
  await page.evaluate(`window.axe ?? (() => { ${axe} })()`);
  const found = await page.evaluate(async (only) => {
    type Run = (options: object) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
    const { axe } = window as unknown as { axe: { run: Run } };
    const { violations } = await axe.run(only.length > 0 ? { runOnly: only } : {});
    return violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).join(' | ')}`);
  }, rules);
  expect(found).toEqual([]);
}

/** `owner`: a page where the demo's owner has logged in. No page may complain on its console. */
export const test = base.extend<{ owner: Page; quiet: null }>({
  quiet: [
    async ({ page }, provide) => {
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        // Refusals by the server are part of some flows; the browser reports each, and so does the
        // router where one is shown in the place of a page.
        if (message.type() === 'error' && !/^(Failed to load resource|Problem\b)/.test(message.text())) {
          complaints.push(message.text());
        }
      });
      await provide(null);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
  owner: async ({ page }, provide) => {
    await logIn(page, OWNER.email, OWNER.password());
    await provide(page);
  },
});

export { expect };
