/**
 * The learner's work while it is typed: kept in the browser at once, on the server a moment later, and lost nowhere.
 *
 * The server numbers the states of a draft, and takes a new one only with the number of the one that it was made from.
 * A newer one from elsewhere (another tab, another machine) is a conflict: nothing is overwritten, the learner sees
 * both and decides. Whatever gives way in a decision is put aside in the browser, from where it can be had back.
 */

export interface ServerDraft {
  code: string;
  revision: number;
}

/** What the server says to a new state. */
export type Answer =
  | { kind: 'saved'; revision: number }
  | { kind: 'conflict'; newer: ServerDraft }
  /** No connection, or a server that cannot just now: to be tried again. */
  | { kind: 'unreachable' }
  /** It will never take this: signed out, or too long. */
  | { kind: 'refused'; code: string };

export type Status = 'saved' | 'editing' | 'saving' | 'offline' | 'conflict' | 'refused';

export interface DraftOptions {
  key: string;
  /** Sends a state; what was sent arrives also when the page is left meanwhile. */
  put: (code: string, revision: number) => Promise<Answer>;
  storage?: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  onStatus?: (status: Status) => void;
  now?: () => number;
}

interface Mirror {
  code: string;
  /** The state on the server that the text was made from. */
  revision: number;
  /** What was on its way to the server then: found there, it is one's own. */
  sent: string | null;
  at: number;
}

export interface Aside {
  code: string;
  at: number;
}

const QUIET = 800;
const AT_LEAST_EVERY = 5000;
const MOST_ASIDE = 10;

export class Draft {
  code: string;
  status: Status = 'saved';
  /** The newer state on the server, while there is a conflict. */
  newer: ServerDraft | null = null;
  /** Why the server refused. */
  refusal: string | null = null;
  private revision: number;
  private saved: string;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private waitingSince = 0;
  private failures = 0;
  private sending: string | null = null;
  private closed = false;

  private constructor(
    private readonly options: DraftOptions,
    server: ServerDraft,
    code: string,
  ) {
    this.revision = server.revision;
    this.saved = server.code;
    this.code = code;
  }

  /** Puts together what the server has and what the browser kept when the page was left. */
  static open(options: DraftOptions, server: ServerDraft): Draft {
    const kept = read<Mirror>(options.storage, options.key);
    if (!kept || kept.code === server.code) {
      options.storage?.removeItem(options.key);
      return new Draft(options, server, server.code);
    }
    const draft = new Draft(options, server, kept.code);
    if (kept.revision >= server.revision || kept.sent === server.code) {
      // The server's number counts: its state may be the one that was on its way, or an older one after a restore.
      draft.change(kept.code);
    } else {
      draft.newer = server;
      draft.revision = kept.revision;
      draft.tell('conflict');
    }
    return draft;
  }

  /** Takes the text as it is now. */
  change(code: string): void {
    this.code = code;
    this.mirror();
    if (this.status === 'conflict') return;
    if (code === this.saved && this.sending === null) {
      clearTimeout(this.timer);
      this.settled();
      return;
    }
    const now = this.now();
    if (this.status === 'saved' || this.status === 'refused') this.waitingSince = now;
    if (this.status !== 'offline') this.tell(this.sending === null ? 'editing' : 'saving');
    this.schedule(Math.max(0, Math.min(QUIET, this.waitingSince + AT_LEAST_EVERY - now)));
  }

  /** Saves at once, if there is anything to save: before a run, and when the page is left. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    await this.send();
  }

  /** The connection is back. */
  reconnected(): void {
    if (this.status === 'offline' || this.status === 'refused') void this.flush();
  }

  /** Ends a conflict with one's own text; the other one is put aside. */
  keepMine(): Promise<void> {
    return this.decide((newer) => {
      putAside(this.options, newer.code);
      return this.code;
    });
  }

  /** Ends a conflict with the newer text; one's own is put aside. */
  takeTheirs(): Promise<void> {
    return this.decide((newer) => {
      putAside(this.options, this.code);
      return newer.code;
    });
  }

  /** What gave way in conflicts, the newest first. */
  aside(): Aside[] {
    return read<Aside[]>(this.options.storage, `${this.options.key}.aside`) ?? [];
  }

  close(): void {
    clearTimeout(this.timer);
    this.closed = true;
  }

  private async decide(choose: (newer: ServerDraft) => string): Promise<void> {
    const newer = this.newer;
    if (!newer) return;
    this.code = choose(newer);
    this.newer = null;
    this.revision = newer.revision;
    this.saved = newer.code;
    this.mirror();
    if (this.code === this.saved) this.settled();
    else {
      this.tell('saving');
      await this.flush();
    }
  }

  private async send(): Promise<void> {
    if (this.sending !== null || this.closed || this.status === 'conflict' || this.code === this.saved)
      return;
    const code = this.code;
    this.sending = code;
    this.mirror();
    if (this.status !== 'offline') this.tell('saving');
    let answer: Answer;
    try {
      answer = await this.options.put(code, this.revision);
    } catch {
      answer = { kind: 'unreachable' };
    }
    this.sending = null;
    switch (answer.kind) {
      case 'saved':
        this.revision = answer.revision;
        this.saved = code;
        this.failures = 0;
        if (this.code === code) this.settled();
        else {
          this.waitingSince = this.now();
          this.mirror();
          this.tell('editing');
          this.schedule(QUIET);
        }
        break;
      case 'conflict':
        if (answer.newer.code === this.code) {
          this.revision = answer.newer.revision;
          this.saved = this.code;
          this.settled();
        } else {
          this.newer = answer.newer;
          this.tell('conflict');
        }
        break;
      case 'refused':
        this.refusal = answer.code;
        this.tell('refused');
        break;
      case 'unreachable':
        this.failures += 1;
        this.tell('offline');
        this.schedule(Math.min(15_000, 500 * 2 ** this.failures));
        break;
    }
  }

  private settled(): void {
    this.options.storage?.removeItem(this.options.key);
    this.tell('saved');
  }

  private mirror(): void {
    const kept: Mirror = { code: this.code, revision: this.revision, sent: this.sending, at: this.now() };
    write(this.options.storage, this.options.key, kept);
  }

  private schedule(wait: number): void {
    clearTimeout(this.timer);
    if (!this.closed) this.timer = setTimeout(() => void this.send(), wait);
  }

  private tell(status: Status): void {
    this.status = status;
    this.options.onStatus?.(status);
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }
}

function putAside(options: DraftOptions, code: string): void {
  const key = `${options.key}.aside`;
  const kept = read<Aside[]>(options.storage, key) ?? [];
  write(options.storage, key, [{ code, at: (options.now ?? Date.now)() }, ...kept].slice(0, MOST_ASIDE));
}

function read<T>(storage: DraftOptions['storage'], key: string): T | null {
  try {
    return JSON.parse(storage?.getItem(key) ?? 'null') as T | null;
  } catch {
    return null;
  }
}

function write(storage: DraftOptions['storage'], key: string, value: unknown): void {
  try {
    storage?.setItem(key, JSON.stringify(value));
  } catch {
    // A full or forbidden storage: the server has it a moment later.
  }
}
