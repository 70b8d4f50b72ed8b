/** What a learner types as an answer, before it is sent. */

export type Trouble = 'empty' | 'notNumber';

/** Says what keeps an answer from being sent, if anything. The server reads numbers as Rust and Python do. */
export function trouble(kind: 'choice' | 'number' | 'text', given: string): Trouble | null {
  const plain = given.normalize('NFKC').trim();
  if (plain === '') return 'empty';
  if (kind !== 'number') return null;
  const number = plain.replace(/[−–]/g, '-');
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(number) ? null : 'notNumber';
}
