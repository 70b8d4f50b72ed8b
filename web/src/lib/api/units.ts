import { at, get, post } from './client';
import type { Answer, Unit } from './types';

export const unit = (course: string, id: string, signal?: AbortSignal) =>
  get<Unit>(at`/api/courses/${course}/units/${id}`, signal && { signal });

/** Answers a question; for a choice with the option's number, counted from 1. */
export const answer = (course: string, unit: string, question: string, given: string) =>
  post<Answer>(at`/api/courses/${course}/units/${unit}/answers`, { question, given });
