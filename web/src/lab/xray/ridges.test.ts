import { describe, expect, it } from 'vitest';
import { ridges, spread } from './ridges';

describe('spreading over common bins', () => {
  it('keeps the whole', () => {
    for (const [low, high, bins] of [
      [-2, 2, 80],
      [-1, 1, 7],
      [-3.3, 1.7, 33],
    ] as const) {
      const heights = spread({ low: -1, high: 1, counts: [1, 5, 0, 2] }, low, high, bins);
      const whole = heights.reduce((sum, height) => sum + (height * (high - low)) / bins, 0);
      expect(whole).toBeCloseTo(1, 6);
    }
  });

  it('puts values that are all the same into one bin', () => {
    const heights = spread({ low: 0, high: 0, counts: [9] }, -1, 1, 4);
    expect(heights.filter((height) => height > 0)).toHaveLength(1);
  });
});

describe('ridges', () => {
  const point = (step: number, low = -1, high = 1) => ({ step, bins: { low, high, counts: [1, 3, 1] } });

  it('share one axis that holds them all', () => {
    const drawn = ridges([point(1, -1, 1), point(2, -3, 2)]);
    expect([drawn?.low, drawn?.high]).toEqual([-3, 2]);
    for (const row of drawn?.rows ?? [])
      for (const height of row.heights) expect(height >= 0 && height <= 1).toBe(true);
  });

  it('are thinned, with the first and the last kept', () => {
    const drawn = ridges(
      Array.from({ length: 500 }, (_, step) => point(step)),
      10,
    );
    expect(drawn?.rows).toHaveLength(10);
    expect([drawn?.rows[0]?.step, drawn?.rows[9]?.step]).toEqual([0, 499]);
  });

  it('are none where nothing is finite', () => {
    expect(ridges([{ step: 1, bins: { low: 'NaN', high: 'NaN', counts: [0] } }])).toBeNull();
    expect(ridges([])).toBeNull();
  });

  it('stand for parameters that are all zero', () => {
    expect(ridges([{ step: 1, bins: { low: 0, high: 0, counts: [0, 4] } }])?.rows).toHaveLength(1);
  });
});
