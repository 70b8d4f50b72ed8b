import { at, get } from './client';
import type { AuditEntry } from './types';

/** A page of the audit log, those before an id, the newest first. */
export const audit = (before: string | null, signal?: AbortSignal) =>
  get<AuditEntry[]>(before === null ? '/api/audit' : at`/api/audit?before=${before}`, signal && { signal });
