import { fileURLToPath } from 'node:url';

import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

import { mathFont } from './build/math-font.ts';

/** The server that the development server hands requests on to. */
const server = process.env.LYCEUM_SERVER ?? 'http://127.0.0.1:8600';

export default defineConfig({
  plugins: [svelte()],
  resolve: {
    alias: {
      $lib: fileURLToPath(new URL('./src/lib', import.meta.url)),
      'math-font.woff2': process.env.VITEST ? '' : await mathFont(),
    },
  },
  build: {
    target: 'es2022',
    // The server's content security policy allows no data: addresses for styles and scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      '^/(api|health)': {
        target: server,
        changeOrigin: true,
        // The server refuses changes that come from another origin than its own.
        configure: (proxy) => proxy.on('proxyReq', (request) => request.setHeader('origin', server)),
      },
    },
  },
  test: {
    include: ['src/**/*.test.ts'],
  },
});
