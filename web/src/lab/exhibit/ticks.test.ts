import { expect, it } from 'vitest';
import { logTicks, ticks } from './ticks';

it('ticks are round and lie within the axis', () => {
  expect(ticks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(ticks(-3.7, 4.1, 4)).toEqual([-2, 0, 2, 4]);
  expect(ticks(1e-6, 9e-6, 4)).toEqual([2e-6, 4e-6, 6e-6, 8e-6]);
});

it('an axis without length has none', () => {
  expect([ticks(1, 1, 5), ticks(NaN, 1, 5), ticks(0, Infinity, 5)]).toEqual([[], [], []]);
});

it('a logarithmic axis has powers of ten, and round numbers where it is short', () => {
  expect(logTicks(2e-10, 5, 5)).toEqual([1e-9, 1e-7, 1e-5, 1e-3, 0.1]);
  expect(logTicks(0.5, 200, 5)).toEqual([1, 10, 100]);
  expect(logTicks(2, 8, 4)).toEqual([2, 4, 6, 8]);
});
