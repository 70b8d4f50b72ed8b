import { expect, it } from 'vitest';
import { Output } from './output';

const texts = (output: Output) =>
  output.lines.map((line) => `${line.stream === 'stderr' ? '!' : ' '}${line.text}`);

it('joins what comes in pieces', () => {
  const output = new Output();
  for (const piece of ['lo', 'ss 1', '\nloss', ' 2\n', '\n', 'end']) output.push('stdout', piece);
  expect(texts(output)).toEqual([' loss 1', ' loss 2', ' ', ' end']);
});

it('tells the two streams apart, whichever interrupts', () => {
  const output = new Output();
  output.push('stdout', 'half');
  output.push('stderr', 'warning\n');
  output.push('stdout', ' a line\n');
  expect(texts(output)).toEqual([' half', '!warning', '  a line']);
});

it('writes over a line after a carriage return, as a terminal does', () => {
  const output = new Output();
  output.push('stdout', '10%\r20%\r');
  output.push('stdout', '30%\nend\r\nmore');
  expect(texts(output)).toEqual([' 30%', ' end', ' more']);
});

it('keeps the newest lines and counts the others', () => {
  const output = new Output(3);
  for (let at = 0; at < 10; at += 1) output.push('stdout', `${at}\n`);
  expect(texts(output)).toEqual([' 7', ' 8', ' 9']);
  expect(output.dropped).toBe(7);
  expect(output.lines[0]?.at).toBe(7);
});

it('cuts a line without an end', () => {
  const output = new Output();
  for (let at = 0; at < 100; at += 1) output.push('stdout', 'x'.repeat(1000));
  expect(output.lines).toHaveLength(1);
  expect(output.lines[0]?.text.length).toBe(4000);
});
