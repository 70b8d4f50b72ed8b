import { get } from './client';
import type { SubmissionCard } from './types';

/** One's own last runs and submissions, the newest first. */
export const recent = (signal?: AbortSignal) => get<SubmissionCard[]>('/api/recent', signal && { signal });
