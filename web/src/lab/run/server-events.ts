/**
 * Server-sent events over `fetch`: parsing, and a stream that survives a lost connection.
 *
 * The browser's own EventSource gives up on a status such as 503 while the server restarts, hides the status, and
 * cannot be asked to go on after a given event from the first request on. This one resumes after the last event that
 * was handled, waits longer after each failure, and notices a connection that is open but dead.
 */

export interface ServerEvent {
  id: string | null;
  event: string;
  data: string;
}

/** Cuts a stream of text into events, however the text arrives. */
export class EventParser {
  private rest = '';
  private id: string | null = null;
  private event = '';
  private data: string[] = [];

  push(text: string): ServerEvent[] {
    const events: ServerEvent[] = [];
    this.rest += text;
    for (;;) {
      const end = this.rest.search(/[\r\n]/);
      if (end < 0) return events;
      // A carriage return at the very end may be the first half of a line's end.
      if (this.rest[end] === '\r' && end === this.rest.length - 1) return events;
      const width = this.rest[end] === '\r' && this.rest[end + 1] === '\n' ? 2 : 1;
      const line = this.rest.slice(0, end);
      this.rest = this.rest.slice(end + width);
      const event = this.line(line);
      if (event) events.push(event);
    }
  }

  private line(line: string): ServerEvent | null {
    if (line === '') {
      const event = this.data.length
        ? { id: this.id, event: this.event || 'message', data: this.data.join('\n') }
        : null;
      this.event = '';
      this.data = [];
      return event;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return null;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') this.data.push(value);
    else if (field === 'event') this.event = value;
    else if (field === 'id' && !value.includes('\0')) this.id = value;
    return null;
  }
}

export type Connection = 'connecting' | 'open' | 'waiting' | 'closed' | 'refused';

export interface StreamOptions {
  url: string;
  /** The last event that is known already. */
  after?: number;
  /** Handles one frame; true ends the stream. */
  onFrame: (frame: unknown, seq: number) => boolean;
  onConnection?: (connection: Connection, status?: number) => void;
  fetch?: typeof fetch;
  sleep?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  random?: () => number;
  signal: AbortSignal;
  /** After how long without a byte a connection counts as dead. */
  silence?: number;
}

/** Statuses that another attempt will not change. After a 401 somebody logs in again, over the page. */
const REFUSALS = new Set([400, 403, 404, 410]);

const FIRST_WAIT = 300;
const LONGEST_WAIT = 10_000;

/** Follows a run's events until it ends, is refused, or is aborted. Returns the last event that was handled. */
export async function follow(options: StreamOptions): Promise<number> {
  const { onFrame, signal } = options;
  const request = options.fetch ?? fetch;
  const sleep = options.sleep ?? pause;
  const tell = options.onConnection ?? (() => undefined);
  let last = options.after ?? 0;
  let failures = 0;

  while (!signal.aborted) {
    tell('connecting');
    const attempt = new AbortController();
    const stop = () => attempt.abort();
    signal.addEventListener('abort', stop, { once: true });
    let retryAfter = 0;
    try {
      const response = await request(`${options.url}?after=${last}`, {
        headers: { accept: 'text/event-stream' },
        cache: 'no-store',
        signal: attempt.signal,
      });
      if (REFUSALS.has(response.status)) {
        tell('refused', response.status);
        return last;
      }
      if (!response.ok || !response.body) {
        retryAfter = Number(response.headers.get('retry-after') ?? 0) * 1000 || 0;
        throw new Error(`status ${response.status}`);
      }
      tell('open');
      const ended = await read(response.body, attempt, options.silence ?? 60_000, (event) => {
        const seq = Number(event.id ?? NaN);
        if (Number.isFinite(seq)) {
          if (seq <= last) return false;
        }
        const frame: unknown = JSON.parse(event.data);
        const over = onFrame(frame, Number.isFinite(seq) ? seq : last);
        if (Number.isFinite(seq)) last = seq;
        failures = 0;
        return over;
      });
      if (ended) {
        tell('closed');
        return last;
      }
    } catch {
      if (signal.aborted) break;
    } finally {
      signal.removeEventListener('abort', stop);
      attempt.abort();
    }
    failures += 1;
    tell('waiting');
    await sleep(Math.max(retryAfter, backoff(failures, options.random ?? Math.random)), signal);
  }
  tell('closed');
  return last;
}

/** Returns how long to wait after so many failures in a row: doubling, bounded, with some chance in it so that the
 * learners of a server that restarts do not all come back at once. */
export function backoff(failures: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (failures - 1));
  return ceiling * (0.5 + random() / 2);
}

async function read(
  body: ReadableStream<Uint8Array>,
  attempt: AbortController,
  silence: number,
  handle: (event: ServerEvent) => boolean,
): Promise<boolean> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parser = new EventParser();
  let watch: ReturnType<typeof setTimeout> | undefined;
  const listen = () => {
    clearTimeout(watch);
    watch = setTimeout(() => {
      attempt.abort();
      void reader.cancel().catch(() => undefined);
    }, silence);
  };
  try {
    for (;;) {
      listen();
      const { done, value } = await reader.read();
      if (done) return false;
      for (const event of parser.push(decoder.decode(value, { stream: true }))) {
        if (handle(event)) return true;
      }
    }
  } finally {
    clearTimeout(watch);
    void reader.cancel().catch(() => undefined);
  }
}

/** Waits, but not longer than until the network is back or the signal says stop. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      globalThis.removeEventListener?.('online', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
    globalThis.addEventListener?.('online', done, { once: true });
  });
}
