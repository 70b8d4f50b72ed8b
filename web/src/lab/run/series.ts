/**
 * The numbers of one scalar over the steps of a run, and what of them is drawn.
 *
 * A run may report a million losses, and a plot has a few hundred pixels: each column of pixels keeps its lowest and
 * highest value, so that no spike is lost. Values that are not finite are gaps, and are kept as marks.
 */

export interface Mark {
  step: number;
  kind: 'nan' | 'inf' | '-inf' | 'log';
}

export interface Decimated {
  steps: number[];
  /** `null` is a gap. */
  values: (number | null)[];
}

/** How many points are kept; when there are more, every six become at most three. */
export const CAPACITY = 1 << 16;

/** How many marks are kept by themselves; the others are only counted. */
const MOST_MARKS = 200;

export class Series {
  private readonly capacity: number;
  private steps: Float64Array;
  private values: Float64Array;
  private times: Float64Array;
  private length = 0;
  readonly marks: Mark[] = [];
  /** How many values came that are not finite. */
  missing = 0;
  /** How many values came. */
  count = 0;
  /** The first and the last value, finite or not. */
  first = NaN;
  last = NaN;
  lastStep = 0;
  lowest = Infinity;
  highest = -Infinity;

  constructor(
    readonly name: string,
    capacity = CAPACITY,
  ) {
    this.capacity = Math.max(8, capacity);
    const first = Math.min(1024, this.capacity);
    this.steps = new Float64Array(first);
    this.values = new Float64Array(first);
    this.times = new Float64Array(first);
  }

  get size(): number {
    return this.length;
  }

  push(step: number, value: number, time: number): void {
    if (this.length === this.steps.length) this.makeRoom();
    this.steps[this.length] = step;
    this.values[this.length] = value;
    this.times[this.length] = time;
    this.length += 1;
    if (this.count === 0) this.first = value;
    this.count += 1;
    this.last = value;
    this.lastStep = step;
    if (Number.isFinite(value)) {
      this.lowest = Math.min(this.lowest, value);
      this.highest = Math.max(this.highest, value);
      return;
    }
    this.missing += 1;
    if (this.marks.length < MOST_MARKS) {
      this.marks.push({ step, kind: Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf' });
    }
  }

  /** Returns the points as they are kept, the oldest first. */
  points(): { step: number; value: number; time: number }[] {
    return Array.from({ length: this.length }, (_, at) => ({
      step: this.steps[at] as number,
      value: this.values[at] as number,
      time: this.times[at] as number,
    }));
  }

  /** Returns at most `rows` points, evenly taken, with the first and the last among them. */
  sample(rows: number): { step: number; value: number; time: number }[] {
    const all = this.points();
    if (all.length <= rows) return all;
    const every = (all.length - 1) / (rows - 1);
    return Array.from({ length: rows }, (_, at) => all[Math.round(at * every)] as (typeof all)[number]);
  }

  /**
   * Returns the exponential moving average, with its start corrected for the zero that it begins from. A value that is
   * not finite stays a gap and does not spoil what comes after it.
   */
  smoothed(weight: number): Series {
    const smooth = new Series(this.name, this.capacity);
    let mean = 0;
    let share = 0;
    for (let at = 0; at < this.length; at += 1) {
      const value = this.values[at] as number;
      if (Number.isFinite(value)) {
        mean = weight * mean + (1 - weight) * value;
        share = weight * share + (1 - weight);
      }
      smooth.push(
        this.steps[at] as number,
        Number.isFinite(value) ? mean / share : NaN,
        this.times[at] as number,
      );
    }
    return smooth;
  }

  /**
   * Returns what is drawn in so many columns of pixels. On a logarithmic scale a value that is not above zero cannot
   * be drawn, and is a gap as well.
   */
  decimate(columns: number, logarithmic = false): Decimated {
    const steps: number[] = [];
    const values: (number | null)[] = [];
    const put = (at: number | null, gapAt?: number) => {
      if (at === null) {
        if (values.length && values[values.length - 1] === null) return;
        steps.push(gapAt as number);
        values.push(null);
      } else {
        steps.push(this.steps[at] as number);
        values.push(this.values[at] as number);
      }
    };
    const drawable = (at: number) => {
      const value = this.values[at] as number;
      return Number.isFinite(value) && (!logarithmic || value > 0);
    };
    if (this.length <= columns * 2) {
      for (let at = 0; at < this.length; at += 1) put(drawable(at) ? at : null, this.steps[at]);
      return { steps, values };
    }
    const from = this.steps[0] as number;
    const width = ((this.steps[this.length - 1] as number) - from) / columns || 1;
    let at = 0;
    while (at < this.length) {
      const column = Math.floor(((this.steps[at] as number) - from) / width);
      let low = -1;
      let high = -1;
      let gap = -1;
      for (
        ;
        at < this.length && Math.floor(((this.steps[at] as number) - from) / width) === column;
        at += 1
      ) {
        if (!drawable(at)) gap = at;
        else {
          if (low < 0 || (this.values[at] as number) < (this.values[low] as number)) low = at;
          if (high < 0 || (this.values[at] as number) > (this.values[high] as number)) high = at;
        }
      }
      if (low >= 0) {
        put(Math.min(low, high));
        if (low !== high) put(Math.max(low, high));
      }
      if (gap >= 0) put(null, this.steps[gap]);
    }
    return { steps, values };
  }

  private makeRoom(): void {
    if (this.steps.length < this.capacity) {
      const length = Math.min(this.capacity, this.steps.length * 4);
      this.steps = grown(this.steps, length);
      this.values = grown(this.values, length);
      this.times = grown(this.times, length);
      return;
    }
    let to = 0;
    for (let from = 0; from < this.length; from += 6) {
      for (const at of extremes(this.values, from, Math.min(from + 6, this.length))) {
        this.steps[to] = this.steps[at] as number;
        this.values[to] = this.values[at] as number;
        this.times[to] = this.times[at] as number;
        to += 1;
      }
    }
    this.length = to;
  }
}

function grown(numbers: Float64Array, length: number): Float64Array {
  const larger = new Float64Array(length);
  larger.set(numbers);
  return larger;
}

/** Returns where the values are that a stretch is kept by: its lowest, its highest, and one that is not finite. */
function extremes(values: Float64Array, from: number, to: number): number[] {
  let low = -1;
  let high = -1;
  let gap = -1;
  for (let at = from; at < to; at += 1) {
    const value = values[at] as number;
    if (!Number.isFinite(value)) gap = at;
    else {
      if (low < 0 || value < (values[low] as number)) low = at;
      if (high < 0 || value > (values[high] as number)) high = at;
    }
  }
  return [...new Set([low, high, gap])].filter((at) => at >= 0).sort((a, b) => a - b);
}
