import { patch } from './client';
import type { AccountChange, Session } from './types';

export const change = (to: AccountChange) => patch<Session>('/api/account', to);

/** Where one's own record can be downloaded. */
export const RECORD = '/api/account/record';
