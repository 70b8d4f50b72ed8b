import { expect, test } from 'vitest';

import type { UnitProgress } from '$lib/api/types';

import { lastActive, markOf, rate } from './matrix';

const ROW: UnitProgress = {
  opened: true,
  answered: 0,
  question_points: 0,
  question_max: 0,
  attempts: 0,
  best_score: null,
  max_score: null,
  passed_at: null,
  active: 5,
};

test('a cell says how far somebody came', () => {
  expect(markOf(undefined)).toBe('none');
  expect(markOf(ROW)).toBe('opened');
  expect(markOf({ ...ROW, attempts: 2 })).toBe('tried');
  expect(markOf({ ...ROW, attempts: 2, passed_at: 9 })).toBe('passed');
});

test('the last activity is that of the unit worked on last', () => {
  expect(lastActive([{ ...ROW, active: null }])).toBeNull();
  expect(lastActive([ROW, { ...ROW, active: 9 }])).toBe(9);
});

test('a check that judged nothing fails never', () => {
  expect(rate({ attempts: 0, failures: 0 })).toBe(0);
  expect(rate({ attempts: 4, failures: 3 })).toBe(0.75);
});
