import { expect, it } from 'vitest';
import { short } from './numbers';

it('numbers have a few digits, whatever their size', () => {
  expect(
    [0, 1, -2.5, 0.123456, 1234.56, 123456.7, 1e7, 0.00001234, NaN, -Infinity].map((value) => short(value)),
  ).toEqual(['0', '1', '−2.5', '0.1235', '1235', '123500', '1e7', '1.234e−5', 'NaN', '−∞']);
});
