import { expect, test } from 'vitest';

import { fill, match } from './match';

test('a pattern gives what stands at its names', () => {
  expect(match('/courses/:course/units/:unit', '/courses/a/units/b%20c')).toEqual({ course: 'a', unit: 'b c' });
  expect(match('/', '/')).toEqual({});
  expect(match('/courses/:course', '/courses/a/')).toEqual({ course: 'a' });
});

test('another length, another word and broken encoding do not fit', () => {
  expect(match('/courses/:course', '/courses')).toBeNull();
  expect(match('/courses/:course', '/course/a')).toBeNull();
  expect(match('/courses/:course', '/courses/%E0%A4')).toBeNull();
});

test('what was filled in is found again', () => {
  const path = fill('/courses/:course/units/:unit', { course: '零 到/大', unit: 'x' });
  expect(match('/courses/:course/units/:unit', path)).toEqual({ course: '零 到/大', unit: 'x' });
});
