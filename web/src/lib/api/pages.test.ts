import { expect, test } from 'vitest';

import { pages } from './pages';

const ITEMS = ['a', 'b', 'c', 'd', 'e'];
const after = (from: string | null) => ITEMS.slice(from === null ? 0 : ITEMS.indexOf(from) + 1);

test('pages are put together', async () => {
  expect(await pages(async (from) => after(from).slice(0, 2), (id) => id)).toEqual(ITEMS);
});

test('a server that does not page ends it', async () => {
  expect(await pages(async () => ITEMS, (id) => id)).toEqual(ITEMS);
  expect(await pages(async () => [] as string[], (id) => id)).toEqual([]);
});
