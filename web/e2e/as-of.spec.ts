import type { Client } from 'openapi-fetch';
import type { paths } from '../src/api/schema';
import { enter, taken } from './support/api';
import { expect, test } from './support/fixtures';
import { OWNER } from './support/server';

test.use({ timezoneId: 'UTC' });

/** Somebody in the demo's months whose status was another before a moment than it is now. */
async function turned(api: Client<paths>) {
  const read = async (id: string, as_of?: string) => taken(api.GET('/api/v1/contacts/{id}', { params: { path: { id }, query: as_of ? { as_of } : {} } }));
  const { items } = await taken(api.GET('/api/v1/audit', { params: { query: { type: 'contact.status_changed', limit: 100 } } }));
  for (const { record_id: id, recorded_at } of items) {
    const minute = `${recorded_at.slice(0, 16)}:00Z`;
    const now = await read(id).catch(() => null);
    const then = await read(id, minute).catch(() => null);
    if (now && then && !now.deleted && !then.deleted && now.label === then.label && now.status?.label !== then.status?.label) {
      return { id, name: now.label, minute, now: now.status?.label ?? '', then: then.status?.label ?? '' };
    }
  }
  throw new Error('nobody in the demo ever changed');
}

test('a moment of the past is put together, shown as it was, and cannot be changed', async ({ owner: page }) => {
  const api = await enter(OWNER.email, OWNER.password());
  const { id, name, minute, now, then } = await turned(api);
  await page.goto(`/contacts?q=${encodeURIComponent(name)}&sort=name`);
  const line = page.getByRole('grid', { name: 'Contacts, list' }).getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
  await expect(line).toContainText(now);

  // Whoever does not want to wait is told of the job: small organizations are too quick to see it.
  await page.route('**/api/v1/contacts/search', (route) => route.continue({ headers: { ...route.request().headers(), prefer: 'wait=0' } }), { times: 1 });
  const job = page.waitForResponse((answer) => answer.url().endsWith('/contacts/search') && answer.status() === 202);
  await page.getByRole('button', { name: 'As of now' }).click();
  await page.getByLabel('Moment').fill(minute.slice(0, 16));
  await page.getByRole('button', { name: 'Apply' }).click();
  await job;
  await expect(line).toContainText(then);
  await expect(line).not.toContainText(now);

  const banner = page.getByRole('status').filter({ hasText: 'You see everything as it stood on' });
  await expect(banner).toContainText('It is read-only.');
  await expect(page).toHaveURL(/as_of=/);
  await expect(page.getByRole('button', { name: 'New contact' })).toHaveAttribute('aria-description', /The past cannot be changed/);
  await expect(line.locator('[role=gridcell]:not([aria-readonly=true])')).toHaveCount(1); // The box that selects.
  await line.getByText(then).dblclick();
  await expect(line.getByRole('combobox')).toHaveCount(0);
  await page.getByRole('button', { name: 'Recent actions and jobs' }).click();
  const jobs = page.getByRole('dialog', { name: 'Recent actions and jobs' });
  await jobs.getByRole('tab', { name: 'Jobs' }).click();
  await expect(jobs.getByText('Putting a past moment together').first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(jobs).toBeHidden();

  await line.getByRole('link', { name }).click();
  await expect(page.getByRole('complementary', { name: 'Contact beside the list' }).getByRole('heading', { name })).toBeVisible();
  await page.keyboard.press('Control+Enter');
  await expect(page).toHaveURL(new RegExp(`/contacts/${id}\\?as_of=`));
  await expect(page.locator('[data-path="status"] dd')).toContainText(then);
  await expect(page.getByRole('button', { name: /^(Edit|Delete|Restore) / })).toHaveCount(0);
  await page.getByRole('link', { name: 'Recycle bin' }).click();
  await expect(page.getByText('nothing can be restored while you look at the past')).toBeVisible();
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: /^General/ }).click();
  await expect(page.getByRole('textbox', { name: 'Name' })).toBeDisabled();
  await page.goBack();
  await page.goBack();
  await page.goBack();

  await expect(page.locator('[data-path="status"] dd')).toContainText(then);
  await banner.getByRole('button', { name: 'Back to now' }).click();
  await expect(page.locator('[data-path="status"] dd')).toContainText(now);
  await expect(page).not.toHaveURL(/as_of=/);
  await expect(banner).toHaveCount(0);
});

test('the moment stays on every way through the settings', async ({ owner: page }) => {
  await page.goto(`/settings/members?as_of=${encodeURIComponent(new Date().toISOString())}`);
  const main = page.getByRole('main');
  const ways = [
    main.getByRole('link', { name: 'Ingrid Solberg' }),
    main.getByRole('link', { name: /^What it grants: / }).first(),
    main.getByRole('link', { name: 'All roles' }),
    page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Tags and pick-lists' }),
    page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Audit' }),
  ];
  for (const way of ways) {
    const { pathname, search } = new URL(page.url());
    await way.click();
    await page.waitForURL((url) => url.pathname !== pathname || url.search !== search);
    expect(new URL(page.url()).searchParams.has('as_of'), page.url()).toBe(true);
  }
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await expect(page).toHaveURL(/\/settings\?as_of=/);
  await expect(page.getByText('You see everything as it stood on')).toBeVisible();
});

test('before anything was there, nothing is', async ({ owner: page }) => {
  await page.goto('/contacts?as_of=2001-01-01T00:00:00Z');
  await expect(page.getByText('There were no contacts at that moment')).toBeVisible();
});
