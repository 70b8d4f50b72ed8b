/** Every page, in both languages, by day and by night, on a phone and on a desk: nothing bars the way or sticks out. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { launch, Visitor } from './browser';
import { Lyceum } from './lyceum';
import * as steps from './steps';

const COURSE = '/courses/zero-to-large-models';

const PAGES: [name: string, path: string][] = [
  ['home', '/'],
  ['courses', '/courses'],
  ['course', COURSE],
  ['lesson', `${COURSE}/units/linear-regression`],
  ['lesson-cnn', `${COURSE}/units/cnn`],
  ['lab', `${COURSE}/units/linear-regression/lab`],
  ['account', '/account'],
  ['teaching', '/teaching'],
  ['problems', `/teaching${COURSE}/problems`],
  ['operation', '/operation'],
  ['nowhere', '/there/is/no/such/page'],
];

const SIZES = { phone: { width: 390, height: 844 }, desk: { width: 1280, height: 900 } };

let server: Lyceum;
let browser: Browser;
let cookies: Parameters<Awaited<ReturnType<Browser['newContext']>>['addCookies']>[0];

beforeAll(async () => {
  [server, browser] = await Promise.all([Lyceum.start(), launch()]);
  const owner = await Visitor.of(browser, server.address);
  await owner.page.goto(server.setup!);
  await steps.makeAccount(owner, 'owner', 'Olga Owner');
  await owner.page.getByRole('heading', { level: 1, name: /Olga Owner/ }).waitFor();
  cookies = await owner.page.context().cookies();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

test('the page before the login', async () => {
  const stranger = await Visitor.of(browser, server.address);
  await stranger.open('/login');
  await stranger.page.getByRole('heading', { level: 1 }).waitFor();
  expect(await stranger.barriers()).toEqual([]);
  await stranger.picture('login');
});

test('a first visit is light', async () => {
  for (const [name, path] of PAGES) {
    const visitor = await Visitor.of(browser, server.address);
    await visitor.page.context().addCookies(cookies);
    const bytes = await visitor.weigh(path);
    console.log(`${name}: ${Math.round(bytes / 1000)} kB`);
    expect(bytes, name).toBeLessThan(350_000);
    await visitor.page.context().close();
  }
});

for (const [size, viewport] of Object.entries(SIZES)) {
  for (const [language, locale] of [
    ['zh', 'zh-CN'],
    ['en', 'en-US'],
  ] as const) {
    // Both appearances on a desk; a phone has the same colours.
    for (const colorScheme of size === 'desk' ? (['light', 'dark'] as const) : (['light'] as const)) {
      test(`${size}, ${language}, ${colorScheme}`, async () => {
        const visitor = await Visitor.of(browser, server.address, { viewport, locale, colorScheme });
        await visitor.page.context().addCookies(cookies);
        await visitor.page.addInitScript((tag) => localStorage.setItem('lyceum.language', tag), language);
        for (const [name, path] of PAGES) {
          await visitor.open(path);
          await visitor.page.getByRole('heading', { level: 1 }).first().waitFor();
          await visitor.page.waitForLoadState('networkidle');
          const here = `${name} (${size}, ${language}, ${colorScheme})`;
          expect(await visitor.page.getAttribute('html', 'lang'), here).toMatch(new RegExp(`^${language}`));
          expect(await visitor.barriers(), here).toEqual([]);
          expect(await visitor.overflow(), here).toBeLessThanOrEqual(0);
          await visitor.picture(`${name}-${size}-${language}-${colorScheme}`);
        }
        expect(visitor.wrong).toEqual([]);
      });
    }
  }
}
