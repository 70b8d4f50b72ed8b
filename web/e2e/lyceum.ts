/** The real server, on a data folder of its own. */

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { project } from './project';

/** The binary under test; `cargo xtask e2e` names it. */
const BINARY = process.env.LYCEUM_BINARY ?? project('target/release/lyceum');

export class Lyceum {
  private constructor(
    private readonly folder: string,
    private child: ChildProcess,
    readonly address: string,
    /** The link that makes the first account; absent when there is one. */
    readonly setup: string | null,
  ) {}

  /** Starts a server on an empty database. */
  static async start(): Promise<Lyceum> {
    const folder = await mkdtemp(join(tmpdir(), 'lyceum-e2e-'));
    const { child, address, setup } = await serve(folder, '127.0.0.1:0');
    return new Lyceum(folder, child, address, setup);
  }

  /** Kills the server as a power cut would, and starts another on the same data and address. */
  async crash(): Promise<void> {
    const over = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await over;
    const { child } = await serve(this.folder, new URL(this.address).host);
    this.child = child;
  }

  async stop(): Promise<void> {
    const over = new Promise<number | null>((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    const code = await over;
    await rm(this.folder, { recursive: true, force: true });
    if (code !== 0) throw new Error(`the server ended with ${code} when it was asked to stop`);
  }
}

async function serve(folder: string, listen: string) {
  const child = spawn(BINARY, ['serve', '--listen', listen, '--data', folder], {
    // Its log is long; whoever looks for a fault asks for it.
    stdio: ['ignore', 'pipe', process.env.LYCEUM_LOG ? 'inherit' : 'ignore'],
    env: { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') },
  });
  const lines = createInterface({ input: child.stdout! });
  return await new Promise<{ child: ChildProcess; address: string; setup: string | null }>((found, failed) => {
    child.once('error', failed);
    child.once('exit', (code) => failed(new Error(`the server ended with ${code} before it listened`)));
    lines.on('line', (line) => {
      const link = /https?:\/\/[^\s]+/.exec(line)?.[0];
      if (!link) return;
      const url = new URL(link);
      child.removeAllListeners('exit');
      found({ child, address: url.origin, setup: url.pathname === '/setup' ? link : null });
    });
  });
}
