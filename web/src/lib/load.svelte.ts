/**
 * What a page asks the server for: not there yet, there, or failed. Asks again when what the question reads changes,
 * and keeps what it had until the new answer comes.
 */

export interface Loaded<T> {
  readonly value: T | undefined;
  readonly error: unknown;
  readonly busy: boolean;
  /** Asks once more. */
  again(): Promise<void>;
  /** Takes over a value that is known to be newer. */
  set(value: T): void;
}

/** To be called while a component is set up. */
export function load<T>(ask: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  let value = $state.raw<T>();
  let error = $state.raw<unknown>();
  let busy = $state(true);
  let current: AbortController | undefined;

  async function again(): Promise<void> {
    current?.abort();
    const mine = (current = new AbortController());
    busy = true;
    try {
      const answer = await ask(mine.signal);
      if (mine.signal.aborted) return;
      value = answer;
      error = undefined;
    } catch (failure) {
      if (mine.signal.aborted) return;
      error = failure;
    }
    busy = false;
  }

  $effect(() => {
    void again();
    return () => current?.abort();
  });

  return {
    get value() {
      return value;
    },
    get error() {
      return error;
    },
    get busy() {
      return busy;
    },
    again,
    set(next) {
      value = next;
    },
  };
}

/** Something that a person does and that takes a while: saving, inviting, answering. */
export interface Deed<A extends unknown[]> {
  readonly busy: boolean;
  readonly error: unknown;
  /** Does it, unless it is being done; says whether it worked. */
  run(...given: A): Promise<boolean>;
  forget(): void;
}

export function deed<A extends unknown[]>(act: (...given: A) => Promise<unknown>): Deed<A> {
  let busy = $state(false);
  let error = $state.raw<unknown>();
  return {
    get busy() {
      return busy;
    },
    get error() {
      return error;
    },
    async run(...given) {
      if (busy) return false;
      busy = true;
      error = undefined;
      try {
        await act(...given);
        return true;
      } catch (failure) {
        error = failure;
        return false;
      } finally {
        busy = false;
      }
    },
    forget() {
      error = undefined;
    },
  };
}
