/** A real Chromium, and pages that note what should never happen on them. */

import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

import { project } from './project';

const CHROMIUM = process.env.LYCEUM_CHROMIUM ?? '/usr/bin/chromium';
/** Where pictures of the pages go. */
const PICTURES = process.env.LYCEUM_PICTURES ?? project('target/e2e');

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Starts a browser that asks nobody for anything. */
export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** Somebody at the browser, with a session of their own. */
export class Visitor {
  private constructor(
    readonly page: Page,
    private readonly origin: string,
    /** Errors on the console, requests to other hosts, and pages that failed by themselves. */
    readonly wrong: string[],
  ) {}

  static async of(browser: Browser, origin: string, options: BrowserContextOptions = {}): Promise<Visitor> {
    const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 900 }, ...options });
    // axe-core is put into the page from outside, which its policy rightly forbids to everybody else.
    const page = await context.newPage();
    const wrong: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') wrong.push(`console: ${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => wrong.push(`error: ${error.message}`));
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== origin) wrong.push(`request to ${url.href}`);
    });
    page.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText ?? '';
      // A page that is left ends what it was loading.
      if (reason !== 'net::ERR_ABORTED') wrong.push(`failed: ${request.url()} ${reason}`);
    });
    return new Visitor(page, origin, wrong);
  }

  async open(path: string): Promise<void> {
    await this.page.goto(new URL(path, this.origin).href);
  }

  /** Opens a page and returns how many bytes came over the wire until it stood still. */
  async weigh(path: string): Promise<number> {
    const client = await this.page.context().newCDPSession(this.page);
    let bytes = 0;
    client.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
    await client.send('Network.enable');
    await this.open(path);
    await this.page.waitForLoadState('networkidle');
    return bytes;
  }

  /** Takes a picture for whoever looks through them. */
  async picture(name: string): Promise<void> {
    mkdirSync(PICTURES, { recursive: true });
    await this.page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
  }

  /** Returns the serious violations that axe-core finds, one a line. */
  async barriers(): Promise<string[]> {
    const client = await this.page.context().newCDPSession(this.page);
    await client.send('Page.setBypassCSP', { enabled: true });
    const { readFile } = await import('node:fs/promises');
    await this.page.evaluate(await readFile(AXE, 'utf8'));
    const found = await this.page.evaluate(async () => {
      const axe = (globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }).axe;
      interface Violation {
        id: string;
        impact: string;
        nodes: { html: string }[];
      }
      const { violations } = await axe.run();
      return violations.map(({ id, impact, nodes }) => ({ id, impact, html: nodes[0]?.html ?? '' }));
    });
    return found
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, html }) => `${id}: ${html}`);
  }

  /** Returns what sticks out of the window to the right. */
  async overflow(): Promise<number> {
    return await this.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
  }
}
