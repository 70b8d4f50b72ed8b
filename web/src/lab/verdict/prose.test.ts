import { describe, expect, it } from 'vitest';
import { pieces, type MathNode } from './prose';

/** Writes a formula as its parts in brackets, to compare it at a glance. */
const shown = (node: MathNode): string =>
  'text' in node ? node.text : `${node.is}(${node.children.map(shown).join(' ')})`;
const formula = (source: string) => {
  const [piece] = pieces(`$${source}$`);
  return piece?.kind === 'math' ? piece.math.map(shown).join(' ') : `as written: ${piece?.text}`;
};

describe('a line of prose', () => {
  it('has code, formulas and emphasis in it', () => {
    expect(pieces('Use `x.T`, not $x$, **now**.').map((piece) => piece.kind)).toEqual([
      'text',
      'code',
      'text',
      'math',
      'text',
      'strong',
      'text',
    ]);
  });

  it('keeps a dollar sign that is meant as one', () => {
    expect(pieces('\\$5 and \\`')).toEqual([{ kind: 'text', text: '$5 and `' }]);
    expect(pieces('costs $5')).toEqual([{ kind: 'text', text: 'costs $5' }]);
  });
});

describe('a formula', () => {
  it('has scripts, fractions and symbols', () => {
    expect(formula('e^{z - \\mathrm{lse}}')).toBe('msup(e mrow(z − lse))');
    expect(formula('\\partial J/\\partial W = G^{\\top}X')).toBe('∂ J / ∂ W = msup(G ⊤) X');
    expect(formula('(\\hat y - y)^2')).toBe('( mover(y ^) − y msup() 2)');
    expect(formula("(N, O, H', W')")).toBe('( N , O , msup(H ′) , msup(W ′) )');
    expect(formula('\\frac{1}{N}\\sum_i x_i^2')).toBe('mfrac(1 N) msub(∑ i) msubsup(x i 2)');
    expect(formula('-0.714')).toBe('− 0.714');
  });

  it('that cannot be read is shown as it was written', () => {
    expect(formula('\\begin{x}')).toBe('as written: \\begin{x}');
    expect(formula('a^{b')).toBe('as written: a^{b');
    expect(formula('\\constructor')).toBe('as written: \\constructor');
  });

  it('of every check of the course can be read', async () => {
    const { readFileSync, readdirSync } = await import('node:fs');
    const course = new URL('../../../../courses/zero-to-large-models/', import.meta.url);
    const units = readdirSync(course, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const unread = units.flatMap((unit) => {
      let text = '';
      try {
        text = readFileSync(new URL(`${unit.name}/checks.toml`, course), 'utf8');
      } catch {
        return [];
      }
      return [...text.matchAll(/\$([^$\n]+)\$/g)].map((match) =>
        formula((match[1] ?? '').replaceAll('\\\\', '\\')),
      );
    });
    expect(unread.filter((line) => line.startsWith('as written'))).toEqual([]);
  });
});
