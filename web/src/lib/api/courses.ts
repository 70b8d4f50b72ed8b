import { at, get } from './client';
import type { Course, CourseCard } from './types';

export const list = (signal?: AbortSignal) => get<CourseCard[]>('/api/courses', signal && { signal });

export const course = (id: string, signal?: AbortSignal) => get<Course>(at`/api/courses/${id}`, signal && { signal });
