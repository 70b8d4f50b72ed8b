import { describe, expect, it } from 'vitest';
import { Series } from './series';

function series(values: number[], capacity?: number): Series {
  const made = new Series('loss', capacity);
  values.forEach((value, at) => made.push(at + 1, value, at / 10));
  return made;
}

const wave = (length: number) => Array.from({ length }, (_, at) => Math.sin(at / 50));

describe('a decimated series', () => {
  it('is the series itself while there is room', () => {
    expect(series([3, 2, 1]).decimate(100)).toEqual({ steps: [1, 2, 3], values: [3, 2, 1] });
  });

  it('keeps a spike of one step among a hundred thousand', () => {
    const values = wave(100_000);
    values[54_321] = 99;
    values[77_777] = -99;
    const drawn = series(values).decimate(400);
    expect(drawn.values).toContain(99);
    expect(drawn.values).toContain(-99);
    expect(drawn.values.length).toBeLessThanOrEqual(2 * 401);
  });

  it('has its steps in order', () => {
    const { steps } = series(wave(5000)).decimate(100);
    expect([...steps].sort((a, b) => a - b)).toEqual(steps);
  });

  it('has a gap, and a mark, where a value is not finite', () => {
    const broken = series([1, NaN, NaN, 2, Infinity, 3]);
    expect(broken.decimate(100).values).toEqual([1, null, 2, null, 3]);
    expect(broken.marks).toEqual([
      { step: 2, kind: 'nan' },
      { step: 3, kind: 'nan' },
      { step: 5, kind: 'inf' },
    ]);
    expect(broken.missing).toBe(3);
  });

  it('keeps a gap among many values', () => {
    const values = wave(50_000);
    values[25_000] = NaN;
    expect(series(values).decimate(200).values).toContain(null);
  });

  it('has gaps on a logarithmic scale where a value is not above zero', () => {
    expect(series([1, 0, -1, 2]).decimate(10, true).values).toEqual([1, null, 2]);
    expect(series([1, 0, -1, 2]).decimate(10, false).values).toEqual([1, 0, -1, 2]);
  });

  it('stands with many values at one step', () => {
    const one = new Series('loss');
    for (let at = 0; at < 1000; at += 1) one.push(7, at, 0);
    expect(one.decimate(10).values).toEqual([0, 999]);
  });
});

describe('a series that outgrows its room', () => {
  it('keeps its extremes, its last value and its gap', () => {
    const values = wave(10_000);
    values[1234] = 42;
    values[4321] = NaN;
    const thin = series(values, 256);
    expect(thin.size).toBeLessThanOrEqual(256);
    expect(thin.count).toBe(10_000);
    expect(thin.highest).toBe(42);
    expect(Math.max(...thin.points().map((point) => (Number.isFinite(point.value) ? point.value : 0)))).toBe(
      42,
    );
    expect(thin.points().some((point) => Number.isNaN(point.value))).toBe(true);
    expect(thin.last).toBe(values[9999]);
  });
});

it('a sample has the first and the last point', () => {
  const sample = series(wave(1000)).sample(10);
  expect(sample).toHaveLength(10);
  expect(sample[0]?.step).toBe(1);
  expect(sample[9]?.step).toBe(1000);
});

describe('a smoothed series', () => {
  it('starts where the series starts, and follows it', () => {
    const flat = series(Array.from({ length: 50 }, () => 3)).smoothed(0.9);
    for (const point of flat.points()) expect(point.value).toBeCloseTo(3);
    const smooth = series([1, 0, 1, 0, 1, 0]).smoothed(0.5).points();
    expect(smooth[0]?.value).toBe(1);
    expect(smooth[1]?.value).toBeCloseTo(1 / 3);
  });

  it('keeps a gap and goes on after it', () => {
    const smooth = series([1, NaN, 1]).smoothed(0.9).points();
    expect(smooth.map((point) => point.value)).toEqual([1, NaN, expect.closeTo(1)]);
  });
});
