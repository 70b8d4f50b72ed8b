import { at, get, patch, remove } from './client';
import { pages } from './pages';
import type { Account, UserChange } from './types';

export const list = (signal?: AbortSignal) =>
  pages(
    (after: string | null) =>
      get<Account[]>(after === null ? '/api/users' : at`/api/users?after=${after}`, signal && { signal }),
    ({ id }) => id,
  );

export const change = (id: string, to: UserChange) => patch<Account>(at`/api/users/${id}`, to);

/** Deletes an account with everything that belongs to it. */
export const erase = (id: string) => remove(at`/api/users/${id}`);
