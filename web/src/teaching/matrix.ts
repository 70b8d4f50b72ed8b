/** What a cell of the progress matrix says. */

import type { UnitRow } from '$lib/api/types';

export type Mark = 'none' | 'opened' | 'tried' | 'passed';

export function markOf(row: UnitRow | undefined): Mark {
  if (row === undefined) return 'none';
  if (row.passed !== null) return 'passed';
  return row.attempts > 0 ? 'tried' : 'opened';
}

/** Returns when somebody was last active in any unit. */
export function lastActive(rows: readonly UnitRow[]): number | null {
  return rows.length === 0 ? null : Math.max(...rows.map(({ active }) => active));
}

/** Returns how often a check fails, as a share of the submissions that it judged. */
export function rate(of: { attempts: number; failures: number }): number {
  return of.attempts > 0 ? of.failures / of.attempts : 0;
}
