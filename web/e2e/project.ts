/** Where the project's files are. */

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Returns the path of something in the project. */
export function project(...path: string[]): string {
  return resolve(ROOT, ...path);
}
