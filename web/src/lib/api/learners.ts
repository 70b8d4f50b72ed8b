import { at, get } from './client';
import type { Learner } from './types';

export const learner = (id: string, signal?: AbortSignal) => get<Learner>(at`/api/learners/${id}`, signal && { signal });
