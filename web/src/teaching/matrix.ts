/** What a cell of the progress matrix says. */

import type { UnitProgress } from '$lib/api/types';

export type Mark = 'none' | 'opened' | 'tried' | 'passed';

export function markOf(row: UnitProgress | undefined): Mark {
  if (row === undefined) return 'none';
  if (row.passed_at !== null) return 'passed';
  if (row.attempts > 0) return 'tried';
  return row.opened ? 'opened' : 'none';
}

/** Returns when somebody was last active in any unit. */
export function lastActive(rows: readonly UnitProgress[]): number | null {
  const times = rows.flatMap(({ active }) => (active === null ? [] : [active]));
  return times.length === 0 ? null : Math.max(...times);
}

/** Returns how often a check fails, as a share of the submissions that it judged. */
export function rate(of: { attempts: number; failures: number }): number {
  return of.attempts > 0 ? of.failures / of.attempts : 0;
}
