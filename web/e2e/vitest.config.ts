import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: { $lib: fileURLToPath(new URL('../src/lib', import.meta.url)) } },
  test: {
    root: fileURLToPath(new URL('.', import.meta.url)),
    include: ['**/*.e2e.ts'],
    // Each file has a server and a browser of its own, and the machine may have two cores.
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 120_000,
    // What comes after a step that failed would fail for no reason of its own.
    bail: 1,
  },
});
