import { expect, test } from 'vitest';

import type { UnitRow } from '$lib/api/types';

import { lastActive, markOf, rate } from './matrix';

const ROW: UnitRow = {
  unit: 'a',
  opened: 1,
  active: 5,
  answered: 0,
  attempts: 0,
  failures: 0,
  best_score: null,
  max_score: null,
  passed: null,
};

test('a cell says how far somebody came', () => {
  expect(markOf(undefined)).toBe('none');
  expect(markOf(ROW)).toBe('opened');
  expect(markOf({ ...ROW, attempts: 2 })).toBe('tried');
  expect(markOf({ ...ROW, attempts: 2, passed: 9 })).toBe('passed');
});

test('the last activity is that of the unit worked on last', () => {
  expect(lastActive([])).toBeNull();
  expect(lastActive([ROW, { ...ROW, active: 9 }])).toBe(9);
});

test('a check that judged nothing fails never', () => {
  expect(rate({ attempts: 0, failures: 0 })).toBe(0);
  expect(rate({ attempts: 4, failures: 3 })).toBe(0.75);
});
