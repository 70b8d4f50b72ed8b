import { expect, test } from 'vitest';

import type { Course, UnitCard, UnitProgress } from '$lib/api/types';

import { isPassed, nextStep, passedUnits, stateOf } from './progress';

const NOTHING: UnitProgress = {
  opened: false,
  answered: 0,
  question_points: 0,
  question_max: 2,
  best_score: null,
  max_score: null,
  passed_at: null,
  attempts: 0,
  active: null,
};

function unit(id: string, requires: string[], progress: Partial<UnitProgress> = {}, has_lab = true): UnitCard {
  const text = { zh: id, en: id };
  return {
    id,
    title: text,
    summary: text,
    requires,
    minutes: 1,
    teaches: [],
    has_lab,
    questions: 2,
    progress: { ...NOTHING, ...progress },
  };
}

function course(...units: UnitCard[]): Course {
  const text = { zh: '', en: '' };
  return { id: 'c', title: text, summary: text, skills: [], units, skill_levels: {} };
}

test('a beginner starts with the first lesson', () => {
  const c = course(unit('a', []), unit('b', ['a']));
  expect(nextStep(c)).toMatchObject({ unit: { id: 'a' }, place: 'lesson', begun: false });
  expect(c.units.map((u) => stateOf(u, c))).toEqual(['ready', 'later']);
});

test('what was begun comes first, and its lab once its questions are answered', () => {
  const c = course(unit('a', [], { passed_at: 1 }), unit('b', ['a']), unit('c', ['a'], { opened: true, answered: 2 }));
  expect(nextStep(c)).toMatchObject({ unit: { id: 'c' }, place: 'lab', begun: true });
});

test('after an attempt the lab is the place, whatever was read', () => {
  expect(nextStep(course(unit('a', [], { attempts: 1 })))).toMatchObject({ place: 'lab', begun: true });
});

test('a unit without a lab is passed by its questions', () => {
  expect(isPassed(unit('a', [], { answered: 1 }, false))).toBe(false);
  expect(isPassed(unit('a', [], { answered: 2 }, false))).toBe(true);
});

test('when everything is passed nothing comes next', () => {
  const c = course(unit('a', [], { passed_at: 1 }), unit('b', ['a'], { passed_at: 2 }));
  expect(nextStep(c)).toBeNull();
  expect(passedUnits(c)).toBe(2);
});
