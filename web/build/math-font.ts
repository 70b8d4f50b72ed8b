/**
 * The font of formulas, cut down to what courses need, for readers whose system has none with a table of mathematics.
 * Without such a table a browser can neither stretch a bracket nor set limits under a sum.
 *
 * The whole of STIX Two Math has 400 kB. What is kept: Latin and Greek letters with their mathematical italic, script
 * and double-struck forms, operators, arrows, accents, brackets.
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import subsetFont from 'subset-font';

const KEPT: [first: number, last: number][] = [
  [0x20, 0x7e], // Latin letters, digits, signs
  [0xa0, 0xff],
  [0x300, 0x338], // accents
  [0x391, 0x3f6], // Greek letters
  [0x2010, 0x2044], // dashes, dots, primes
  [0x2061, 0x2064], // operators that are not seen
  [0x2070, 0x209c], // raised and lowered
  [0x20d0, 0x20e1], // accents of vectors
  [0x2102, 0x2124], // double-struck and script letters
  [0x2190, 0x21d5], // arrows
  [0x2200, 0x22ff], // operators
  [0x2308, 0x230b], // rounding brackets
  [0x27e8, 0x27eb], // angle brackets
  [0x27f5, 0x27fc], // long arrows
  [0x1d400, 0x1d467], // bold and italic letters
  [0x1d49c, 0x1d4cf], // script letters
  [0x1d538, 0x1d56b], // double-struck letters
  [0x1d6a8, 0x1d755], // bold and italic Greek letters
];

const SOURCE = new URL(
  '../node_modules/@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff2',
  import.meta.url,
);
const FOLDER = new URL('../node_modules/.cache/', import.meta.url);

/** Makes the font unless it is there; returns its file. */
export async function mathFont(): Promise<string> {
  const name = `math-${KEPT.flat().reduce((sum, code) => (sum * 31 + code) % 0xffffffff, 7).toString(16)}.woff2`;
  const file = fileURLToPath(new URL(name, FOLDER));
  if (!existsSync(file)) {
    const text = KEPT.flatMap(([first, last]) =>
      Array.from({ length: last - first + 1 }, (_, at) => String.fromCodePoint(first + at)),
    ).join('');
    const font = await subsetFont(readFileSync(SOURCE), text, { targetFormat: 'woff2' });
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(file, font);
  }
  return file;
}
