import { at, get } from './client';
import type { Problem } from './types';

export const problems = (course: string, signal?: AbortSignal) =>
  get<Problem[]>(at`/api/courses/${course}/problems`, signal && { signal });
