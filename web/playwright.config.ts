import { defineConfig } from '@playwright/test';
import { ADDRESS } from './e2e/support/server';

/** Flows of people, in a real browser against the real binary with a database of its own. */
export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/support/server.ts',
  // Two cores: one for the browser, one for the server.
  workers: 1,
  retries: 0,
  reporter: [['list']],
  timeout: 60_000,
  // Machines that build beside it are slow; nothing waits longer than it must.
  expect: { timeout: 15_000 },
  use: {
    baseURL: ADDRESS,
    viewport: { width: 1440, height: 900 },
    screenshot: 'only-on-failure',
    // What fades in is half transparent to whoever looks at once.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
