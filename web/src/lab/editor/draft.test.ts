import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Draft, type Answer, type ServerDraft, type Status } from './draft';

class Memory {
  readonly kept = new Map<string, string>();
  getItem = (key: string) => this.kept.get(key) ?? null;
  setItem = (key: string, value: string) => void this.kept.set(key, value);
  removeItem = (key: string) => void this.kept.delete(key);
}

/** A server with one draft, that can be out of reach. */
class Server {
  draft: ServerDraft = { code: 'start', revision: 1 };
  reachable = true;
  puts: string[] = [];
  async put(code: string, revision: number): Promise<Answer> {
    this.puts.push(code);
    await Promise.resolve();
    if (!this.reachable) throw new TypeError('no network');
    if (revision !== this.draft.revision) return { kind: 'conflict', newer: this.draft };
    this.draft = { code, revision: revision + 1 };
    return { kind: 'saved', revision: revision + 1 };
  }
}

let server: Server;
let storage: Memory;
let statuses: Status[];

const open = () =>
  Draft.open(
    {
      key: 'k',
      put: (code, revision) => server.put(code, revision),
      storage,
      onStatus: (status) => statuses.push(status),
    },
    { ...server.draft },
  );

beforeEach(() => {
  vi.useFakeTimers();
  server = new Server();
  storage = new Memory();
  statuses = [];
});
afterEach(() => vi.useRealTimers());

const wait = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

describe('work that is typed', () => {
  it('is in the browser at once, and on the server when the typing rests', async () => {
    const draft = open();
    draft.change('a');
    expect(storage.getItem('k')).toContain('"a"');
    draft.change('ab');
    await wait(700);
    expect(server.puts).toEqual([]);
    await wait(200);
    expect(server.draft.code).toBe('ab');
    expect(draft.status).toBe('saved');
    expect(storage.getItem('k')).toBeNull();
  });

  it('is saved every five seconds by one who never rests', async () => {
    const draft = open();
    for (let at = 0; at < 30; at += 1) {
      draft.change(`text ${at}`);
      await wait(400);
    }
    expect(server.puts.length).toBeGreaterThanOrEqual(2);
    await wait(1000);
    expect(server.draft.code).toBe('text 29');
  });

  it('is not sent twice at a time, and the last state is what stays', async () => {
    const draft = open();
    draft.change('one');
    const first = draft.flush();
    draft.change('two');
    await first;
    await wait(2000);
    expect(server.puts).toEqual(['one', 'two']);
    expect(server.draft.code).toBe('two');
    expect(draft.status).toBe('saved');
  });

  it('that ends where it began is not sent at all', async () => {
    const draft = open();
    draft.change('x');
    draft.change('start');
    await wait(10_000);
    expect(server.puts).toEqual([]);
    expect(draft.status).toBe('saved');
  });
});

describe('without a connection', () => {
  it('work is kept, and saved when the connection is back', async () => {
    const draft = open();
    server.reachable = false;
    draft.change('offline work');
    await wait(1000);
    expect(draft.status).toBe('offline');
    draft.change('more offline work');
    expect(draft.status).toBe('offline');
    server.reachable = true;
    draft.reconnected();
    await wait(100);
    expect(server.draft.code).toBe('more offline work');
    expect(draft.status).toBe('saved');
  });

  it('it tries again by itself', async () => {
    const draft = open();
    server.reachable = false;
    draft.change('x');
    await wait(1500);
    server.reachable = true;
    await wait(20_000);
    expect(server.draft.code).toBe('x');
    expect(draft.status).toBe('saved');
  });

  it('a reload finds the work of the page before', async () => {
    server.reachable = false;
    open().change('unsaved');
    const reloaded = open();
    expect(reloaded.code).toBe('unsaved');
    server.reachable = true;
    await wait(1000);
    expect(server.draft.code).toBe('unsaved');
  });
});

describe('a newer state from elsewhere', () => {
  const conflict = async () => {
    const draft = open();
    server.draft = { code: 'theirs', revision: 2 };
    draft.change('mine');
    await wait(1000);
    expect(draft.status).toBe('conflict');
    return draft;
  };

  it('is never overwritten without a decision', async () => {
    const draft = await conflict();
    draft.change('mine, and more');
    await wait(10_000);
    expect(server.draft.code).toBe('theirs');
    expect(draft.newer?.code).toBe('theirs');
    expect(storage.getItem('k')).toContain('mine, and more');
  });

  it('gives way to mine, and is put aside', async () => {
    const draft = await conflict();
    await draft.keepMine();
    expect(server.draft.code).toBe('mine');
    expect(draft.status).toBe('saved');
    expect(draft.aside().map((text) => text.code)).toEqual(['theirs']);
  });

  it('takes the place of mine, which is put aside', async () => {
    const draft = await conflict();
    await draft.takeTheirs();
    expect(draft.code).toBe('theirs');
    expect(draft.status).toBe('saved');
    expect(draft.aside().map((text) => text.code)).toEqual(['mine']);
  });

  it('that says the same is no conflict', async () => {
    const draft = open();
    server.draft = { code: 'same', revision: 5 };
    draft.change('same');
    await wait(1000);
    expect(draft.status).toBe('saved');
  });

  it('is found after a reload as well', async () => {
    server.reachable = false;
    open().change('mine');
    server.draft = { code: 'theirs', revision: 2 };
    server.reachable = true;
    const reloaded = open();
    expect(reloaded.status).toBe('conflict');
    expect(reloaded.code).toBe('mine');
    expect(reloaded.newer?.code).toBe('theirs');
  });
});

it('a storage that is full or forbidden stops nothing', async () => {
  storage.setItem = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  const draft = open();
  draft.change('x');
  await wait(1000);
  expect(server.draft.code).toBe('x');
});

describe('leaving the page', () => {
  it('sends what is not saved yet, once', async () => {
    const draft = open();
    await draft.flush();
    draft.change('last words');
    await draft.flush();
    await draft.flush();
    expect(server.puts).toEqual(['last words']);
    draft.change('and on');
    await wait(1000);
    expect(server.draft.code).toBe('and on');
    expect(draft.status).toBe('saved');
  });

  it('while something is on its way is no conflict with oneself', async () => {
    const draft = open();
    draft.change('first');
    void draft.flush();
    draft.change('first and second');
    // The page is gone before the answer comes, but the server has taken what was sent.
    const kept = storage.getItem('k') ?? '';
    server.draft = { code: 'first', revision: 2 };
    storage = new Memory();
    storage.setItem('k', kept);
    const reloaded = open();
    expect(reloaded.status).not.toBe('conflict');
    expect(reloaded.code).toBe('first and second');
    await wait(1000);
    expect(server.draft.code).toBe('first and second');
  });
});
