import { describe, expect, it } from 'vitest';
import { counts, diffLines, fold, type DiffLine } from './diff';

const shown = (diff: DiffLine[]) =>
  diff.map((line) => ({ same: ' ', added: '+', removed: '-' })[line.kind] + line.text);

/** Puts both texts together again from their difference. */
function texts(diff: DiffLine[]): [string[], string[]] {
  return [
    diff.filter((line) => line.kind !== 'added').map((line) => line.text),
    diff.filter((line) => line.kind !== 'removed').map((line) => line.text),
  ];
}

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('the difference of two texts', () => {
  it('is the shortest one', () => {
    expect(shown(diffLines('a\nb\nc\na\nb\nb\na', 'c\nb\na\nb\na\nc'))).toHaveLength(4 + 5);
    expect(shown(diffLines('x = 1\ny = 2\n', 'x = 1\ny = 3\nz = 4\n'))).toEqual([
      ' x = 1',
      '-y = 2',
      '+y = 3',
      '+z = 4',
    ]);
  });

  it('is nothing for equal texts, whatever ends their lines', () => {
    expect(counts(diffLines('a\r\nb\r\n', 'a\nb'))).toEqual({ added: 0, removed: 0 });
    expect(diffLines('', '')).toEqual([]);
  });

  it('gives both texts back, with their line numbers', () => {
    const random = generator(7);
    for (let round = 0; round < 300; round += 1) {
      const make = () =>
        Array.from({ length: Math.floor(random() * 12) }, () => 'abcd'[Math.floor(random() * 4)] as string);
      const [a, b] = [make(), make()];
      const diff = diffLines(a.map((line) => `${line}\n`).join(''), b.map((line) => `${line}\n`).join(''));
      expect(texts(diff)).toEqual([a, b]);
      for (const line of diff) {
        if (line.before !== undefined) expect(a[line.before - 1]).toBe(line.text);
        if (line.after !== undefined) expect(b[line.after - 1]).toBe(line.text);
      }
      const { added, removed } = counts(diff);
      expect(added + removed).toBe(a.length + b.length - 2 * longestCommon(a, b));
    }
  });

  it('of two large texts with nothing in common does not take long', () => {
    const text = (word: string) => Array.from({ length: 5000 }, (_, at) => `${word} ${at}`).join('\n');
    const before = performance.now();
    expect(counts(diffLines(text('a'), text('b')))).toEqual({ added: 5000, removed: 5000 });
    expect(performance.now() - before).toBeLessThan(2000);
  });
});

it('equal lines far from a change are folded', () => {
  const before = Array.from({ length: 20 }, (_, at) => `${at}`);
  const after = before.with(10, 'ten');
  const parts = fold(diffLines(before.join('\n'), after.join('\n')), 2);
  expect(parts.map((part) => (part.kind === 'fold' ? part.lines.length : part.kind[0]))).toEqual([
    8,
    's',
    's',
    'r',
    'a',
    's',
    's',
    7,
  ]);
});

function longestCommon(a: string[], b: string[]): number {
  const row = new Array<number>(b.length + 1).fill(0);
  for (const line of a) {
    let corner = 0;
    for (let j = 1; j <= b.length; j += 1) {
      const above = row[j] as number;
      row[j] = line === b[j - 1] ? corner + 1 : Math.max(above, row[j - 1] as number);
      corner = above;
    }
  }
  return row[b.length] as number;
}
