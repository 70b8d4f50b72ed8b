import { describe, expect, it } from 'vitest';
import { contour, levels, path } from './contours';

const grid = (columns: number, rows: number, f: (x: number, y: number) => number) =>
  Array.from({ length: columns * rows }, (_, at) => f(at % columns, Math.floor(at / columns)));

describe('a line of equal height', () => {
  it('of a plane is straight, where the plane has this height', () => {
    for (const [x1, y1, x2, y2] of contour(
      grid(5, 4, (x, y) => x + 2 * y),
      5,
      4,
      3.5,
    )) {
      expect(x1 + 2 * y1).toBeCloseTo(3.5);
      expect(x2 + 2 * y2).toBeCloseTo(3.5);
    }
  });

  it('of a bowl is closed: every end is the end of two pieces', () => {
    const ends = new Map<string, number>();
    const segments = contour(
      grid(21, 21, (x, y) => (x - 10) ** 2 + (y - 10) ** 2),
      21,
      21,
      30.5,
    );
    for (const [x1, y1, x2, y2] of segments) {
      for (const end of [`${x1.toFixed(6)} ${y1.toFixed(6)}`, `${x2.toFixed(6)} ${y2.toFixed(6)}`])
        ends.set(end, (ends.get(end) ?? 0) + 1);
    }
    expect(segments.length).toBeGreaterThan(20);
    expect(new Set(ends.values())).toEqual(new Set([2]));
  });

  it('does not cross itself at a saddle', () => {
    expect(contour([1, 0, 0, 1], 2, 2, 0.4)).toEqual(
      [
        [0, 0.6, 0.4, 1],
        [1, 0.4, 0.6, 0],
      ].map((s) => s.map((v) => expect.closeTo(v))),
    );
    expect(contour([1, 0, 0, 1], 2, 2, 0.6)).toHaveLength(2);
  });

  it('leaves out what is not finite', () => {
    expect(contour([0, 1, NaN, 1], 2, 2, 0.5)).toEqual([]);
    expect(contour([0, 1, Infinity, 1], 2, 2, 0.5)).toEqual([]);
  });
});

it('levels lie within the surface, denser where it is low', () => {
  const found = levels([0, 5, 10, NaN], 8);
  expect(found).toHaveLength(8);
  expect(found[0]).toBeGreaterThan(0);
  expect(found[7]).toBeLessThan(10);
  expect((found[1] as number) - (found[0] as number)).toBeLessThan(
    (found[7] as number) - (found[6] as number),
  );
  expect(levels([3, 3], 8)).toEqual([]);
});

it('a path is written in the picture’s units', () => {
  expect(
    path(
      [[0, 0, 1, 1]],
      (x) => x * 10,
      (y) => 10 - y,
    ),
  ).toBe('M0 10L10 9');
});
