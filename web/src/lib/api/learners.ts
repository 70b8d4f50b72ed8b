import { at, get } from './client';
import type { Learner } from './types';

export const learner = (id: string, course: string, signal?: AbortSignal) =>
  get<Learner>(at`/api/learners/${id}?course=${course}`, signal && { signal });
