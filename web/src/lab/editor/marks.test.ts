import { expect, it } from 'vitest';
import type { CheckGrade, Grade } from '../run/frames';
import { lineNow, marksOf } from './marks';

const check = (given: Partial<CheckGrade>): CheckGrade => ({
  id: 'c',
  skill_ids: [],
  title: { zh: '题', en: 'Title' },
  status: 'fail',
  points: 0,
  max_points: 1,
  message: { zh: '错', en: 'wrong' },
  observed: null,
  line: null,
  hints: [],
  ...given,
});
const grade = (tests: CheckGrade[], mistakes: Grade['mistakes'] = []): Grade => ({
  version: 1,
  status: 'fail',
  score: 0,
  max_score: 1,
  tests,
  mistakes,
  message: null,
});

it('an exception is marked at the learner’s line, once', () => {
  const report = {
    outcome: 'raised' as const,
    exception: { class: 'ValueError', message: 'bad', line: 4 },
    resources: null,
  };
  const marks = marksOf({ report, grade: grade([check({ line: 4, status: 'error' }), check({ line: 9 })]) });
  expect(marks.map((mark) => [mark.line, mark.severity, mark.message.en])).toEqual([
    [4, 'error', 'ValueError: bad'],
    [9, 'warning', 'Title: wrong'],
  ]);
});

it('checks that pass, and what has no line, are not marked', () => {
  const marks = marksOf({
    report: null,
    grade: grade(
      [check({ line: 2, status: 'pass' }), check({})],
      [{ kind: 'x', message: { zh: '', en: 'm' }, line: 7 }],
    ),
  });
  expect(marks.map((mark) => mark.line)).toEqual([7]);
});

it('a line is found again after the text went on', () => {
  expect(lineNow('a\nb\nc', 'new\na\nb\nc', 2)).toBe(3);
  expect(lineNow('a\nb\nc', 'a\nB\nc', 2)).toBeNull();
  expect(lineNow('a', 'a', 1)).toBe(1);
});
