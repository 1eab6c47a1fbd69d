import { expect, type Page } from '@playwright/test';

/** Where the link of the newest mail to an address leads, on this site. The mail is waited for. */
export async function linkInMail(page: Page, to: string, leadsTo: string): Promise<string> {
  let link = '';
  await expect
    .poll(async () => {
      const list = await (await page.request.get('/dev/mailbox')).text();
      for (const [, mail, about] of list.matchAll(/<a href="(\/dev\/mailbox\/[\w-]+)">([\s\S]*?)<\/li>/g)) {
        if (!mail || !about?.includes(`to ${to} `)) continue;
        const text = (await (await page.request.get(mail)).text()).replaceAll('&#x2f;', '/');
        const found = /<a href="(https?:\/\/[^"]+)"/.exec(text)?.[1];
        if (found === undefined) continue;
        const url = new URL(found);
        if (url.pathname === leadsTo) {
          link = url.pathname + url.hash;
          break;
        }
      }
      return link;
    })
    .not.toBe('');
  return link;
}
