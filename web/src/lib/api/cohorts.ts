import { at, get, patch, post, remove } from './client';
import { pages } from './pages';
import type { CheckRate, Cohort, LearnerRow, Member, Stuck, WholeCohort } from './types';

export const list = (signal?: AbortSignal) => get<Cohort[]>('/api/cohorts', signal && { signal });

export const create = (name: string) => post<Cohort>('/api/cohorts', { name });

export const cohort = (id: string, signal?: AbortSignal) => get<WholeCohort>(at`/api/cohorts/${id}`, signal && { signal });

export const rename = (id: string, name: string) => patch<Cohort>(at`/api/cohorts/${id}`, { name });

export const dissolve = (id: string) => remove(at`/api/cohorts/${id}`);

export const addMember = (id: string, name: string) => post<Member>(at`/api/cohorts/${id}/members`, { name });

export const removeMember = (id: string, account: string) => remove(at`/api/cohorts/${id}/members/${account}`);

/** Where everybody is: every page of it. */
export const progress = (id: string, course: string, signal?: AbortSignal) =>
  pages(
    (after: string | null) =>
      get<LearnerRow[]>(
        at`/api/cohorts/${id}/progress?course=${course}` + (after === null ? '' : at`&after=${after}`),
        signal && { signal },
      ),
    (row) => row.account.id,
  );

export const checks = (id: string, course: string, signal?: AbortSignal) =>
  get<CheckRate[]>(at`/api/cohorts/${id}/checks?course=${course}`, signal && { signal });

export const stuck = (id: string, course: string, signal?: AbortSignal) =>
  get<Stuck[]>(at`/api/cohorts/${id}/stuck?course=${course}`, signal && { signal });

/** Where the grades can be downloaded as CSV. */
export const grades = (id: string, course: string) => at`/api/cohorts/${id}/grades.csv?course=${course}`;
