import { get, post, remove } from './client';
import type { NewAccount, Session } from './types';

export const session = () => get<Session>('/api/session', { mayBeUnknown: true });

export const login = (name: string, password: string) =>
  post<Session>('/api/session', { name, password }, { mayBeUnknown: true });

export const logout = () => remove('/api/session');

export const setUp = (account: NewAccount) => post<Session>('/api/setup', account, { mayBeUnknown: true });

export const join = (account: NewAccount) => post<Session>('/api/join', account, { mayBeUnknown: true });
