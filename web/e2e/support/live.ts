import type { Page } from '@playwright/test';
import type { Person } from './api';

/** Listens to what the feed tells a person's page from now on: the ids of what changed, or what else was told. */
export async function listenIn(page: Page, { member }: Person): Promise<() => Promise<string[]>> {
  // What the feed tells a browser, its tabs tell each other.
  await page.evaluate((name) => {
    const heard: string[] = [];
    new BroadcastChannel(name).onmessage = ({ data }) => heard.push(data.change?.id ?? data.kind);
    Object.assign(window, { heard });
  }, `hindsight-live ${member}`);
  return () => page.evaluate(() => (window as unknown as { heard: string[] }).heard);
}
