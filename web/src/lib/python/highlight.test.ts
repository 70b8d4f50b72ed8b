import { expect, test } from 'vitest';

import { highlight } from './highlight';

function kinds(program: string): Record<string, string> {
  return Object.fromEntries(highlight(program).map(({ kind, text }) => [text, kind]));
}

test('the pieces are the program', () => {
  const programs = [
    'def f(x):\n    return x ** 2  # 平方\n',
    's = f"{a!r:>8}" + r\'\\n\' + """doc\nstring"""',
    '"not closed\nx = 1',
    'x1 = 1e-3 + 0xFF - .5j; 变量 = x.T @ y',
    '',
  ];
  for (const program of programs) {
    expect(highlight(program).map(({ text }) => text).join('')).toBe(program);
  }
});

test('words, texts, numbers and comments are told apart', () => {
  expect(kinds('def train(model): return 1e-3 # "no text"')).toMatchObject({
    def: 'keyword',
    train: 'name',
    return: 'keyword',
    '1e-3': 'number',
    '# "no text"': 'comment',
  });
  expect(kinds('x = "# no comment"')).toMatchObject({ '"# no comment"': 'string' });
});

test('digits within names are no numbers, and match is a keyword only where it is one', () => {
  expect(highlight('fc1(x2)').every(({ kind }) => kind === 'plain')).toBe(true);
  expect(kinds('match = re.match(a)')).not.toHaveProperty('match', 'keyword');
  expect(kinds('match point:\n')).toHaveProperty('match', 'keyword');
});
