/** A confusion matrix in numbers: a row for each truth, a column for each prediction. */

export interface ClassFigures {
  recall: number | null;
  precision: number | null;
}

export interface ConfusionFigures {
  total: number;
  accuracy: number | null;
  /** Each row as parts of its truth's count; 0 where the truth never occurs. */
  shares: number[][];
  classes: ClassFigures[];
  /** What is taken for what, the most frequent first. */
  mixedUp: { truth: number; predicted: number; count: number }[];
}

export function confusionFigures(counts: number[][]): ConfusionFigures {
  const rows = counts.map(sum);
  const columns = counts.map((_, at) => sum(counts.map((row) => row[at] ?? 0)));
  const total = sum(rows);
  const right = counts.map((row, at) => row[at] ?? 0);
  return {
    total,
    accuracy: total ? sum(right) / total : null,
    shares: counts.map((row, at) => row.map((count) => (rows[at] ? count / rows[at] : 0))),
    classes: right.map((count, at) => ({
      recall: rows[at] ? count / rows[at] : null,
      precision: columns[at] ? count / columns[at] : null,
    })),
    mixedUp: counts
      .flatMap((row, truth) => row.map((count, predicted) => ({ truth, predicted, count })))
      .filter(({ truth, predicted, count }) => truth !== predicted && count > 0)
      .sort((a, b) => b.count - a.count),
  };
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, value) => total + value, 0);
}
