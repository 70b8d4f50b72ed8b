/** Lines of equal height on a grid: marching squares. The grid is rows of x, the first row at the lowest y. */

export type Segment = [number, number, number, number];

/**
 * Returns the pieces of the line at one level, in the grid's own units: column and row. A square with a corner that is
 * not finite has none. Where the line could pass a square in two ways, the mean of the corners decides.
 */
export function contour(z: ArrayLike<number>, columns: number, rows: number, level: number): Segment[] {
  const segments: Segment[] = [];
  const at = (column: number, row: number) => z[row * columns + column] as number;
  for (let row = 0; row + 1 < rows; row += 1) {
    for (let column = 0; column + 1 < columns; column += 1) {
      const a = at(column, row);
      const b = at(column + 1, row);
      const c = at(column + 1, row + 1);
      const d = at(column, row + 1);
      if (!Number.isFinite(a + b + c + d)) continue;
      const kind = (a >= level ? 1 : 0) | (b >= level ? 2 : 0) | (c >= level ? 4 : 0) | (d >= level ? 8 : 0);
      if (kind === 0 || kind === 15) continue;
      const part = (from: number, to: number) => (level - from) / (to - from);
      const bottom = (): [number, number] => [column + part(a, b), row];
      const right = (): [number, number] => [column + 1, row + part(b, c)];
      const top = (): [number, number] => [column + part(d, c), row + 1];
      const left = (): [number, number] => [column, row + part(a, d)];
      const high = (a + b + c + d) / 4 >= level;
      const draw = (p: [number, number], q: [number, number]) => segments.push([...p, ...q]);
      switch (kind) {
        case 1:
        case 14:
          draw(left(), bottom());
          break;
        case 2:
        case 13:
          draw(bottom(), right());
          break;
        case 4:
        case 11:
          draw(right(), top());
          break;
        case 8:
        case 7:
          draw(left(), top());
          break;
        case 3:
        case 12:
          draw(left(), right());
          break;
        case 6:
        case 9:
          draw(bottom(), top());
          break;
        case 5:
          draw(left(), high ? top() : bottom());
          draw(right(), high ? bottom() : top());
          break;
        case 10:
          draw(left(), high ? bottom() : top());
          draw(right(), high ? top() : bottom());
          break;
      }
    }
  }
  return segments;
}

/**
 * Returns levels for a surface: even in the logarithm above its lowest point, so that the valley, where a descent
 * spends its time, has as many lines as the slopes.
 */
export function levels(z: ArrayLike<number>, many: number): number[] {
  let low = Infinity;
  let high = -Infinity;
  for (let at = 0; at < z.length; at += 1) {
    const value = z[at] as number;
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const range = high - low;
  if (!(range > 0)) return [];
  const least = 1e-3;
  return Array.from({ length: many }, (_, at) => low + range * least ** (1 - (at + 0.5) / many));
}

/** Returns pieces as a path in SVG's language; `x` and `y` lead from the grid to the picture. */
export function path(segments: Segment[], x: (column: number) => number, y: (row: number) => number): string {
  const round = (value: number) => Math.round(value * 100) / 100;
  return segments
    .map(([a, b, c, d]) => `M${round(x(a))} ${round(y(b))}L${round(x(c))} ${round(y(d))}`)
    .join('');
}
