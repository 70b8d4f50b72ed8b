import { get, post, remove } from './client';
import type { Account, Session } from './types';

export const session = () => get<Session>('/api/session', { mayBeUnknown: true });

export const login = (name: string, password: string) =>
  post<Session>('/api/session', { name, password }, { mayBeUnknown: true });

export const logout = () => remove('/api/session');

/** What a new account is made of. */
export interface NewAccount {
  token: string;
  name: string;
  display: string;
  password: string;
  language: Account['language'];
}

export const setUp = (account: NewAccount) => post<Session>('/api/setup', account, { mayBeUnknown: true });

export const join = (account: NewAccount) => post<Session>('/api/join', account, { mayBeUnknown: true });
