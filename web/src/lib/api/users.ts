import { at, get, patch, remove } from './client';
import type { Account, Role } from './types';

export interface UserChange {
  role?: Role;
  disabled?: boolean;
}

/** A page of the accounts, those after an id. */
export const list = (after: string | null, signal?: AbortSignal) =>
  get<Account[]>(after === null ? '/api/users' : at`/api/users?after=${after}`, signal && { signal });

export const change = (id: string, to: UserChange) => patch<Account>(at`/api/users/${id}`, to);

/** Deletes an account with everything that belongs to it. */
export const erase = (id: string) => remove(at`/api/users/${id}`);
