/** Starts the real binary with an embedded database and a demo organization of its own. */
import { execFile, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const PORT = process.env['HINDSIGHT_E2E_PORT'] ?? '18080';
export const ADDRESS = `http://127.0.0.1:${PORT}`;
/** The owner of the demo organization. */
export const OWNER = { email: 'demo@hindsight.example', password: () => process.env['HINDSIGHT_E2E_PASSWORD'] ?? '' };

const BINARY = resolve(import.meta.dirname, '../../..', process.env['HINDSIGHT_E2E_BINARY'] ?? 'target/debug/hindsight');

/** What the binary is told. */
function environment(data: string): NodeJS.ProcessEnv {
  const own = { ...process.env };
  delete own['DATABASE_URL'];
  return {
    ...own,
    HINDSIGHT_ENV: 'dev',
    HINDSIGHT_LISTEN: `127.0.0.1:${PORT}`,
    HINDSIGHT_PUBLIC_URL: ADDRESS,
    HINDSIGHT_DATA_DIR: data,
    HINDSIGHT_AUTH_ATTEMPTS: '10000',
    RUST_LOG: 'warn',
  };
}

/** Runs a command of the binary beside the server, as an operator does; answers what it printed. */
export async function hindsight(...words: string[]): Promise<string> {
  const data = process.env['HINDSIGHT_E2E_DATA'] ?? '';
  return (await promisify(execFile)(BINARY, words, { env: environment(data) })).stdout;
}

export default async function start(): Promise<() => Promise<void>> {
  const data = await mkdtemp(join(tmpdir(), 'hindsight-e2e-'));
  // Under root, the database runs as a user of its own, who must be able to pass.
  await chmod(data, 0o711);
  process.env['HINDSIGHT_E2E_DATA'] = data;
  const server = spawn(BINARY, ['serve', '--demo'], {
    env: environment(data),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((done) => server.once('exit', () => done()));
  await new Promise<void>((ready, failed) => {
    server.once('exit', (code) => failed(new Error(`hindsight ended with ${code} before it served`)));
    createInterface({ input: server.stdout }).on('line', (line) => {
      const password = /^\s*password\s+(\S+)$/.exec(line);
      if (password?.[1]) process.env['HINDSIGHT_E2E_PASSWORD'] = password[1];
      if (line.startsWith('Hindsight serves on')) ready();
    });
  });
  return async () => {
    server.kill('SIGTERM');
    await ended;
    await rm(data, { recursive: true, force: true });
  };
}
