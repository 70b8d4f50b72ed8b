/**
 * Histograms over the steps of a run, as ridges behind each other on one axis.
 *
 * Each histogram comes with bins of its own. They are spread over common bins by how much they overlap, and become
 * densities, so that a narrow bin with as many values stands higher.
 */

import { toNumber, type Bins } from '../run/frames';

export interface Ridge {
  step: number;
  /** Heights between 0 and 1, one for each common bin. */
  heights: number[];
  low: number;
  high: number;
}

export interface Ridges {
  low: number;
  high: number;
  rows: Ridge[];
}

export const COMMON_BINS = 80;

/** Returns the ridges of at most so many of the steps, the first and the last among them; or nothing to draw. */
export function ridges(points: { step: number; bins: Bins }[], most = 24, bins = COMMON_BINS): Ridges | null {
  const usable = points.filter(({ bins: { low, high, counts } }) => {
    return (
      Number.isFinite(toNumber(low)) && Number.isFinite(toNumber(high)) && counts.some((count) => count > 0)
    );
  });
  if (usable.length === 0) return null;
  const taken = evenly(usable, most);
  let low = Math.min(...taken.map((point) => toNumber(point.bins.low)));
  let high = Math.max(...taken.map((point) => toNumber(point.bins.high)));
  if (high <= low) {
    const around = Math.abs(low) / 10 || 0.1;
    [low, high] = [low - around, high + around];
  }
  const rows = taken.map(({ step, bins: own }) => ({
    step,
    heights: spread(own, low, high, bins),
    low: toNumber(own.low),
    high: toNumber(own.high),
  }));
  const highest = Math.max(...rows.flatMap((row) => row.heights)) || 1;
  // The root keeps a spike at the start from flattening all that come after it.
  for (const row of rows) row.heights = row.heights.map((height) => Math.sqrt(height / highest));
  return { low, high, rows };
}

/** Spreads counts over common bins, as densities. */
export function spread(own: Bins, low: number, high: number, bins: number): number[] {
  const heights = new Array<number>(bins).fill(0);
  const total = own.counts.reduce((sum, count) => sum + count, 0);
  const from = toNumber(own.low);
  const width = (toNumber(own.high) - from) / own.counts.length;
  const common = (high - low) / bins;
  own.counts.forEach((count, at) => {
    if (count === 0) return;
    const left = from + at * width;
    // All values are the same: they stand in the common bin that has them.
    if (width <= 0) {
      const bin = Math.min(bins - 1, Math.max(0, Math.floor((left - low) / common)));
      heights[bin] = (heights[bin] as number) + count / total / common;
      return;
    }
    const first = Math.max(0, Math.floor((left - low) / common));
    for (let bin = first; bin < bins && low + bin * common < left + width; bin += 1) {
      const overlap = Math.min(left + width, low + (bin + 1) * common) - Math.max(left, low + bin * common);
      if (overlap > 0) heights[bin] = (heights[bin] as number) + (count / total) * (overlap / width / common);
    }
  });
  return heights;
}

function evenly<T>(list: T[], most: number): T[] {
  if (list.length <= most) return list;
  return Array.from(
    { length: most },
    (_, at) => list[Math.round((at * (list.length - 1)) / (most - 1))] as T,
  );
}
