/**
 * The difference of two texts, line by line: Myers' algorithm (An O(ND) Difference Algorithm, 1986).
 *
 * What both texts begin and end with is taken off first. Texts that have next to nothing in common are told as one
 * removed and one added, because the search would take long and nobody could read what it found.
 */

export interface DiffLine {
  kind: 'same' | 'added' | 'removed';
  text: string;
  /** The line in the old text, from 1; absent where it was added. */
  before?: number;
  /** The line in the new text, from 1; absent where it was removed. */
  after?: number;
}

/** A stretch of equal lines that is not shown. */
export interface Fold {
  kind: 'fold';
  lines: DiffLine[];
}

const MOST_EDITS = 2000;

export function diffLines(before: string, after: string): DiffLine[] {
  const a = lines(before);
  const b = lines(after);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end])
    end += 1;

  const found: DiffLine[] = [];
  const same = (i: number, j: number) =>
    found.push({ kind: 'same', text: a[i] as string, before: i + 1, after: j + 1 });
  for (let at = 0; at < start; at += 1) same(at, at);
  for (const edit of edits(a.slice(start, a.length - end), b.slice(start, b.length - end))) {
    if (edit.kind === 'same') same(start + edit.a, start + edit.b);
    else if (edit.kind === 'removed')
      found.push({ kind: 'removed', text: a[start + edit.a] as string, before: start + edit.a + 1 });
    else found.push({ kind: 'added', text: b[start + edit.b] as string, after: start + edit.b + 1 });
  }
  for (let at = end; at > 0; at -= 1) same(a.length - at, b.length - at);
  return found;
}

/** Puts stretches of equal lines away, but for so many around each change. */
export function fold(diff: DiffLine[], around = 3): (DiffLine | Fold)[] {
  const near = new Uint8Array(diff.length);
  diff.forEach((line, at) => {
    if (line.kind === 'same') return;
    near.fill(1, Math.max(0, at - around), Math.min(diff.length, at + around + 1));
  });
  const shown: (DiffLine | Fold)[] = [];
  for (let at = 0; at < diff.length;) {
    if (near[at]) {
      shown.push(diff[at] as DiffLine);
      at += 1;
      continue;
    }
    let to = at;
    while (to < diff.length && !near[to]) to += 1;
    // A fold of one line takes as much room as the line.
    if (to - at < 2) shown.push(...diff.slice(at, to));
    else shown.push({ kind: 'fold', lines: diff.slice(at, to) });
    at = to;
  }
  return shown;
}

export function counts(diff: DiffLine[]): { added: number; removed: number } {
  return {
    added: diff.filter((line) => line.kind === 'added').length,
    removed: diff.filter((line) => line.kind === 'removed').length,
  };
}

function lines(text: string): string[] {
  if (text === '') return [];
  const cut = text.replace(/\r\n?/g, '\n').split('\n');
  if (cut[cut.length - 1] === '') cut.pop();
  return cut;
}

interface Edit {
  kind: DiffLine['kind'];
  a: number;
  b: number;
}

/** Finds the shortest way from one list to the other, as steps in order. */
function edits(a: string[], b: string[]): Edit[] {
  const trace = search(a, b);
  if (!trace) {
    return [
      ...a.map((_, at): Edit => ({ kind: 'removed', a: at, b: 0 })),
      ...b.map((_, at): Edit => ({ kind: 'added', a: a.length, b: at })),
    ];
  }
  const found: Edit[] = [];
  let x = a.length;
  let y = b.length;
  for (let d = trace.length - 1; d >= 0; d -= 1) {
    const furthest = trace[d] as Furthest;
    const k = x - y;
    const down = d > 0 && (k === -d || (k !== d && furthest.at(k - 1) < furthest.at(k + 1)));
    const fromK = down ? k + 1 : k - 1;
    const fromX = d === 0 ? 0 : furthest.at(fromK);
    const fromY = d === 0 ? 0 : fromX - fromK;
    while (x > fromX && y > fromY) {
      x -= 1;
      y -= 1;
      found.push({ kind: 'same', a: x, b: y });
    }
    if (d === 0) break;
    if (down) {
      y -= 1;
      found.push({ kind: 'added', a: x, b: y });
    } else {
      x -= 1;
      found.push({ kind: 'removed', a: x, b: y });
    }
  }
  return found.reverse();
}

/** How far each diagonal got with one edit less: x on diagonals -d to d. */
class Furthest {
  constructor(
    private readonly d: number,
    private readonly x: Int32Array,
  ) {}

  at(k: number): number {
    return this.x[k + this.d + 1] as number;
  }
}

/** Returns, for each number of edits, how far every diagonal was before; or nothing when too many are needed. */
function search(a: string[], b: string[]): Furthest[] | null {
  const most = Math.min(a.length + b.length, MOST_EDITS);
  const size = most + 1;
  const x = new Int32Array(2 * size + 1);
  const trace: Furthest[] = [];
  for (let d = 0; d <= most; d += 1) {
    trace.push(new Furthest(d, x.slice(size - d - 1, size + d + 2)));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (x[size + k - 1] as number) < (x[size + k + 1] as number));
      let at = down ? (x[size + k + 1] as number) : (x[size + k - 1] as number) + 1;
      if (d === 0) at = 0;
      while (at < a.length && at - k < b.length && a[at] === b[at - k]) at += 1;
      x[size + k] = at;
      if (at >= a.length && at - k >= b.length) return trace;
    }
  }
  return null;
}
