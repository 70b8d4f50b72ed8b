/** How far a learner is in a course, and what comes next. Pure: no requests, no document. */

import type { Course, Level, UnitCard } from '$lib/api/types';

/** `later` is advice: a unit whose requirements are open can be read all the same. */
export type UnitState = 'passed' | 'begun' | 'ready' | 'later';

/** Says whether a unit is done: its lab is passed, or, without one, its questions are answered. */
export function isPassed(unit: UnitCard): boolean {
  const { progress } = unit;
  if (unit.has_lab) return progress.passed_at !== null;
  return unit.questions > 0 ? progress.answered >= unit.questions : progress.opened;
}

export function stateOf(unit: UnitCard, course: Course): UnitState {
  if (isPassed(unit)) return 'passed';
  if (unit.progress.opened || unit.progress.attempts > 0) return 'begun';
  const open = unit.requires.some((id) => {
    const required = course.units.find((other) => other.id === id);
    return required !== undefined && !isPassed(required);
  });
  return open ? 'later' : 'ready';
}

export interface Next {
  unit: UnitCard;
  /** Whether the lesson or the lab is the place to go to. */
  place: 'lesson' | 'lab';
  /** Whether it was begun. */
  begun: boolean;
}

/** Returns what to do next: the first unit that was begun, otherwise the first whose requirements are met. */
export function nextStep(course: Course): Next | null {
  const states = course.units.map((unit) => ({ unit, state: stateOf(unit, course) }));
  const found =
    states.find(({ state }) => state === 'begun') ??
    states.find(({ state }) => state === 'ready') ??
    states.find(({ state }) => state === 'later');
  if (!found) return null;
  const { unit, state } = found;
  const read = unit.questions === 0 ? unit.progress.opened : unit.progress.answered >= unit.questions;
  const lab = unit.has_lab && (unit.progress.attempts > 0 || (state === 'begun' && read));
  return { unit, place: lab ? 'lab' : 'lesson', begun: state === 'begun' };
}

export const LEVELS: readonly Level[] = ['know', 'apply', 'analyse'];

/** Returns how many levels of a skill were reached, from none to three. */
export function reached(level: Level | undefined): number {
  return level === undefined ? 0 : LEVELS.indexOf(level) + 1;
}

export function passedUnits(course: Course): number {
  return course.units.filter(isPassed).length;
}
