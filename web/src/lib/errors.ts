/** What people are told of a failure: by the server's code, in the page's language. */

import { t } from '../i18n';
import { ApiError } from './api/client';

export function messageOf(error: unknown): string {
  const errors: Record<string, unknown> = t().errors;
  const code = error instanceof ApiError ? error.code : 'unexpected';
  const found = errors[code];
  const message = typeof found === 'string' ? found : t().errors.unexpected;
  const wait = error instanceof ApiError ? error.retryAfter : null;
  return wait === null ? message : `${message} ${t().errors.retryAfter(wait)}`;
}
