import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** The server of development: `hindsight serve`, which answers for the API. */
const SERVER = process.env['HINDSIGHT_SERVER'] ?? 'http://127.0.0.1:8080';

/** Serves the portal's own page below `/portal`, as the server does. */
const portal: Plugin = {
  name: 'portal-entry',
  configureServer(server) {
    server.middlewares.use((request, _response, next) => {
      if (request.url && /^\/portal(\/|\?|$)/.test(request.url)) request.url = '/portal.html';
      next();
    });
  },
};

/** Puts compressed forms beside what browsers load, so that the server need not make them. */
const compressed: Plugin = {
  name: 'compressed-forms',
  apply: 'build',
  generateBundle: {
    order: 'post',
    async handler(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (!/\.(js|css|svg)$/.test(file.fileName)) continue;
        const source = Buffer.from(file.type === 'chunk' ? file.code : file.source);
        const forms = [
          ['.br', await promisify(brotliCompress)(source, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } })],
          ['.gz', await promisify(gzip)(source, { level: 9 })],
        ] as const;
        for (const [ending, form] of forms) {
          if (form.length < source.length) this.emitFile({ type: 'asset', fileName: file.fileName + ending, source: form });
        }
      }
    },
  },
};

export default defineConfig({
  plugins: [react(), portal, compressed],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  // The server puts a fresh nonce into each page that it sends.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    assetsDir: 'app',
    rollupOptions: { input: ['index.html', 'portal.html'] },
    // The policy allows no data: scripts, and small files are better in the cache.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 800,
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/healthz', '/readyz', '/metrics', '/dev'].map((path) => [
        path,
        // Cookie routes compare the origin with the server's own address.
        { target: SERVER, headers: { origin: SERVER } },
      ]),
    ),
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/lib/testing/setup.ts'],
  },
});
