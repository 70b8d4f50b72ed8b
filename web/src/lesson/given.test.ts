import { expect, test } from 'vitest';

import { trouble } from './given';

test('numbers as people type them are sent', () => {
  for (const given of ['-4', '−4', '0.5', '.5', '3.', '1e-3', ' 2 ', '１２', '+1']) {
    expect(trouble('number', given), given).toBeNull();
  }
});

test('what is no number is said before it is sent', () => {
  for (const given of ['four', '1,5', '1/2', '1 2']) expect(trouble('number', given), given).toBe('notNumber');
});

test('nothing is no answer', () => {
  expect(trouble('text', '  ')).toBe('empty');
  expect(trouble('choice', '')).toBe('empty');
  expect(trouble('text', '(32, 32)')).toBeNull();
});
