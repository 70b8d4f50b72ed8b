import { patch } from './client';
import type { Account, Session } from './types';

export interface AccountChange {
  display?: string;
  language?: Account['language'];
  password?: { old: string; new: string };
}

export const change = (to: AccountChange) => patch<Session>('/api/account', to);

/** Where one's own record can be downloaded. */
export const RECORD = '/api/account/record';
