import { at, get } from './client';
import type { Submission } from './types';

export const submission = (id: string, signal?: AbortSignal) =>
  get<Submission>(at`/api/submissions/${id}`, signal && { signal });
