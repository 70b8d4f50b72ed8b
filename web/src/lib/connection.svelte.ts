/**
 * Whether the server can be reached. The first request that finds it gone starts looking for it, and everybody who
 * waits is told when it is back, so nothing has to be reloaded by hand.
 */

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 10_000;

let lost = $state(false);
let wait = FIRST_WAIT;
let timer: ReturnType<typeof setTimeout> | undefined;
const waiting = new Set<() => void>();

export const connection = {
  get lost(): boolean {
    return lost;
  },
  /** Notes that a request was answered. */
  answered(): void {
    if (!lost) return;
    lost = false;
    clearTimeout(timer);
    for (const act of waiting) act();
  },
  /** Notes that a request was not. */
  failed(): void {
    if (lost) return;
    lost = true;
    wait = FIRST_WAIT;
    timer = setTimeout(look, wait);
  },
  /** Calls when the server is back; returns what stops that. */
  whenBack(act: () => void): () => void {
    waiting.add(act);
    return () => waiting.delete(act);
  },
};

async function look(): Promise<void> {
  try {
    // Whatever it says, it is there.
    await fetch('/health', { cache: 'no-store' });
    connection.answered();
  } catch {
    wait = Math.min(wait * 1.5, LONGEST_WAIT);
    timer = setTimeout(look, wait);
  }
}

// What the browser knows of its network comes before any waiting.
if (typeof addEventListener !== 'undefined') {
  addEventListener('online', () => {
    if (!lost) return;
    clearTimeout(timer);
    void look();
  });
}
