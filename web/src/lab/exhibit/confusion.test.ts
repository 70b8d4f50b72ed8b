import { expect, it } from 'vitest';
import { confusionFigures } from './confusion';

it('accuracy, recall and precision are what their definitions say', () => {
  const figures = confusionFigures([
    [8, 2, 0],
    [1, 9, 0],
    [0, 5, 5],
  ]);
  expect(figures.accuracy).toBeCloseTo(22 / 30);
  expect(figures.classes.map((c) => c.recall)).toEqual([0.8, 0.9, 0.5]);
  expect(figures.classes[1]?.precision).toBeCloseTo(9 / 16);
  expect(figures.shares[2]).toEqual([0, 0.5, 0.5]);
});

it('what is mixed up most comes first', () => {
  expect(
    confusionFigures([
      [1, 2],
      [7, 1],
    ]).mixedUp,
  ).toEqual([
    { truth: 1, predicted: 0, count: 7 },
    { truth: 0, predicted: 1, count: 2 },
  ]);
});

it('a class that never occurs, and an empty matrix, have no figures', () => {
  expect(
    confusionFigures([
      [0, 0],
      [0, 3],
    ]).classes[0],
  ).toEqual({ recall: null, precision: null });
  expect(confusionFigures([]).accuracy).toBeNull();
});
