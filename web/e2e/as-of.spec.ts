import { expect, test } from './support/fixtures';

test('before anything was there, nothing is', async ({ owner: page }) => {
  await page.goto('/contacts?as_of=2001-01-01T00:00:00Z');
  await expect(page.getByText('There were no contacts at that moment')).toBeVisible();
});
