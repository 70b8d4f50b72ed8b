/**
 * One way to ask the server. What each thing can be asked is in the file with its name; this one knows only
 * requests, answers and failures.
 */

import { connection } from '../connection.svelte';

/** A request that did not do what it was meant to. */
export class ApiError extends Error {
  override name = 'ApiError';

  constructor(
    /** The server's stable code; `offline` when it could not be reached. */
    readonly code: string,
    /** The status; 0 when the server could not be reached. */
    readonly status: number,
    /** What the server says, for a log. People are told by the code. */
    message: string,
    /** What the server suggests. */
    readonly hint: string | null = null,
    /** What finds the request in the server's log. */
    readonly requestId: string | null = null,
    /** After how many seconds to try again, where the server said so. */
    readonly retryAfter: number | null = null,
    /** The whole answer. */
    readonly body: unknown = null,
  ) {
    super(message);
  }
}

export interface Options {
  signal?: AbortSignal;
  /** Says that 401 is an answer here like others, so no login is asked for. */
  mayBeUnknown?: boolean;
  /** Lets the request outlive the page, for what is saved on leaving. */
  keepalive?: boolean;
}

/** What is done when the server no longer knows who asks. */
let onUnknown: () => void = () => {};

export function whenUnknown(act: () => void): void {
  onUnknown = act;
}

async function send(method: string, path: string, body: unknown, options: Options): Promise<Response> {
  const init: RequestInit = {
    method,
    credentials: 'same-origin',
    headers: { accept: 'application/json' },
    signal: options.signal ?? null,
    keepalive: options.keepalive ?? false,
  };
  if (body !== undefined) {
    init.headers = { ...init.headers, 'content-type': 'application/json' };
    init.body = JSON.stringify(body);
  }
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    connection.failed();
    throw new ApiError('offline', 0, error instanceof Error ? error.message : 'the server cannot be reached');
  }
  connection.answered();
  if (response.ok) return response;
  const failure = await failed(response);
  if (failure.status === 401 && !options.mayBeUnknown) onUnknown();
  throw failure;
}

async function failed(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => '');
  const retry = Number(response.headers.get('retry-after'));
  const retryAfter = Number.isFinite(retry) && retry > 0 ? retry : null;
  let body: unknown = null;
  try {
    body = JSON.parse(text);
  } catch {
    // Something between the server and us has answered.
  }
  const error = (body as { error?: { code?: string; message?: string; hint?: string; request_id?: string } } | null)
    ?.error;
  const code = error?.code ?? ([502, 503, 504].includes(response.status) ? 'unavailable' : 'unexpected');
  return new ApiError(
    code,
    response.status,
    error?.message ?? response.statusText,
    error?.hint ?? null,
    error?.request_id ?? response.headers.get('x-request-id'),
    retryAfter,
    body,
  );
}

/** Asks with a method and gives the answer's JSON; nothing where the answer is empty. */
export async function request<T>(method: string, path: string, body?: unknown, options: Options = {}): Promise<T> {
  const response = await send(method, path, body, options);
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

export const get = <T>(path: string, options?: Options) => request<T>('GET', path, undefined, options);
export const post = <T>(path: string, body?: unknown, options?: Options) => request<T>('POST', path, body, options);
export const put = <T>(path: string, body: unknown, options?: Options) => request<T>('PUT', path, body, options);
export const patch = <T>(path: string, body: unknown, options?: Options) => request<T>('PATCH', path, body, options);
export const remove = <T = void>(path: string, options?: Options) => request<T>('DELETE', path, undefined, options);

/** Makes an address, with each part encoded: `` at`/api/courses/${course}` ``. */
export function at(parts: TemplateStringsArray, ...values: (string | number)[]): string {
  return String.raw({ raw: parts }, ...values.map((value) => encodeURIComponent(value)));
}
