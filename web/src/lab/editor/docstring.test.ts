import { expect, it } from 'vitest';
import { docstring } from './docstring';

it('a docstring has paragraphs, code in them, and programs', () => {
  const doc = 'A linear layer.\n\n``weight`` A is\nshaped so::\n\n    nn.Linear(20, 30)\n\nThe end.';
  expect(docstring(doc)).toEqual([
    { kind: 'text', pieces: [{ code: false, text: 'A linear layer.' }] },
    {
      kind: 'text',
      pieces: [
        { code: true, text: 'weight' },
        { code: false, text: ' A is shaped so:' },
      ],
    },
    { kind: 'program', text: 'nn.Linear(20, 30)' },
    { kind: 'text', pieces: [{ code: false, text: 'The end.' }] },
  ]);
});

it('an empty docstring has nothing', () => {
  expect(docstring('  \n\n')).toEqual([]);
});
