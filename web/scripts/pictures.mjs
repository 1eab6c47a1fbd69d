/**
 * Takes the pictures of the main screens for the documentation, from a server with the demo:
 *
 *     node scripts/pictures.mjs http://127.0.0.1:8080 PASSWORD FOLDER
 *
 * Each screen light and dark, wide and as wide as a phone: FOLDER/list-dark.png, list-360-dark.png.
 * It gives one of the demo's contacts an account in the portal; take a demo that may be thrown away.
 */
import { chromium } from '@playwright/test';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

const [address = '', password = '', folder = ''] = process.argv.slice(2);
const EMAIL = 'demo@hindsight.example';
const CLIENT = 'Marta Lindqvist';
const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 360, height: 740 };

async function call(method, path, token, body) {
  const headers = { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}`, 'Idempotency-Key': crypto.randomUUID() } : {}) };
  const answer = await fetch(`${address}/api/v1${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

const granted = (who) => call('POST', '/auth/login', '', who).then((answer) => answer.access_token);

/** A client of the demo, who has an account in the portal. */
async function client(token) {
  const me = await call('GET', '/users/me', token);
  const values = { full_name: CLIENT, phone: '+46 8 123 456', street: 'Storgatan 12', postal_code: '111 51', city: 'Stockholm', country: 'Sweden', company_name: 'Lindqvist & Co', assigned_to: me.member };
  const contact = await call('POST', '/contacts', token, values);
  const { link } = await call('POST', `/contacts/${contact.id}/account`, token);
  const someone = { email: `marta.${Date.now()}`, password: crypto.randomUUID() };
  const linkToken = new URLSearchParams(new URL(link).hash.slice(1)).get('token');
  await call('POST', '/auth/client_account', '', { token: linkToken, username: someone.email, password: someone.password });
  return someone;
}

/** The contact with the longest history, and a moment in the middle of the demo's months. */
async function subject(token) {
  const page = await call('POST', '/contacts/search', token, { limit: 200, sort: 'updated_at' });
  const longest = page.items.reduce((most, each) => (each.version > most.version ? each : most));
  const then = new Date(Date.now() - 90 * 86_400_000).toISOString();
  return { id: longest.id, versions: longest.version, label: longest.label, then };
}

async function screens() {
  const owner = { email: EMAIL, password };
  const token = await granted(owner);
  const { id, versions, label, then } = await subject(token);
  const roles = await call('GET', '/roles', token);
  const sales = roles.items.find((role) => role.builtin === 'sales')?.id ?? '';
  const asOf = encodeURIComponent(then);
  const marta = await client(token);
  return [
    { name: 'list', path: '/contacts?sort=name', who: owner },
    { name: 'record', path: `/contacts/${id}`, who: owner },
    { name: 'record-version', path: `/contacts/${id}?version=${versions - 2}&against=now`, who: owner },
    { name: 'as-of', path: `/contacts?as_of=${asOf}&sort=name`, who: owner },
    { name: 'role-matrix', path: `/settings/roles/${sales}`, who: owner },
    { name: 'audit', path: '/audit?thing=contact', who: owner },
    {
      name: 'palette',
      path: '/contacts',
      who: owner,
      prepare: async (page) => {
        await page.keyboard.press('Control+k');
        await page.keyboard.type(label.split(' ').at(-1) ?? label);
        await page.getByRole('option', { name: label }).first().waitFor();
      },
    },
    {
      name: 'bulk',
      path: '/contacts?sort=name',
      who: owner,
      // On a phone one selects cards, one by one.
      only: WIDE,
      prepare: async (page) => {
        await page.getByRole('checkbox', { name: 'Select all rows that are loaded' }).click();
        await page.getByRole('button', { name: /^Select all \d+ that match$/ }).click();
        await page.getByRole('button', { name: 'Set a field…' }).click();
        const dialog = page.getByRole('dialog', { name: 'Set a field…' });
        await dialog.getByRole('combobox', { name: 'Field' }).click();
        await page.getByRole('option', { name: 'City', exact: true }).click();
        await dialog.getByRole('textbox', { name: 'City' }).fill('Göteborg');
        await dialog.getByText(/are changed where they are not like that already/).waitFor();
      },
    },
    {
      name: 'actions',
      path: '/contacts?sort=name',
      who: owner,
      prepare: async (page) => {
        await page.getByRole('button', { name: 'Recent actions and jobs' }).click();
        await page.getByRole('button', { name: /^Undo/ }).first().waitFor();
      },
    },
    { name: 'portal', path: '/portal', who: marta },
  ];
}

async function whole(page) {
  await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
  await page.waitForFunction(() => document.querySelector('[aria-busy=true], .mantine-Skeleton-root') === null);
  await page.evaluate(() => document.fonts.ready);
}

await mkdir(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const all = await screens();
for (const who of new Set(all.map((screen) => screen.who))) {
  const context = await browser.newContext({ baseURL: address, locale: 'en-GB', reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto('/login');
  await page.getByLabel('E-mail or username').fill(who.email);
  await page.getByLabel('Password', { exact: true }).fill(who.password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/login'));
  for (const { name, path, prepare, only } of all.filter((screen) => screen.who === who)) {
    for (const [suffix, viewport] of [['', WIDE], ['-360', PHONE]]) {
      if (only && only !== viewport) continue;
      await page.setViewportSize(viewport);
      await page.goto(path);
      await whole(page);
      await prepare?.(page);
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor({ state: 'attached' });
        await page.screenshot({ path: join(folder, `${name}${suffix}-${colorScheme}.png`) });
      }
    }
  }
  await context.close();
}
await browser.close();
