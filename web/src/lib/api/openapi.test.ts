import { readFileSync } from 'node:fs';

import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript';
import { expect, test } from 'vitest';

test('the types are those of the server’s description; `npm run api` makes them so', { timeout: 60_000 }, async () => {
  const description = new URL('../../../../crates/server/openapi.json', import.meta.url);
  const made = COMMENT_HEADER + astToString(await openapiTS(JSON.parse(readFileSync(description, 'utf8'))));
  // Compared as a whole, not shown line by line: the command says what to do.
  expect(made === readFileSync(new URL('./openapi.ts', import.meta.url), 'utf8')).toBe(true);
});
