/**
 * Splits a Python program into what is coloured alike. For reading only: the editor has a parser of its own, which
 * a lesson does not wait for.
 */

export type Kind = 'keyword' | 'string' | 'number' | 'comment' | 'name' | 'plain';

export interface Token {
  kind: Kind;
  text: string;
}

const KEYWORDS = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from global ' +
    'if import in is lambda nonlocal not or pass raise return try while with yield match case'
  ).split(' '),
);

const PATTERN = new RegExp(
  [
    String.raw`(?<comment>#[^\n]*)`,
    String.raw`(?<string>(?:\b[rbfuRBFU]{1,2})?(?:"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?))`,
    String.raw`(?<number>(?<![\w.])(?:0[xob][\da-f_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:e[+-]?\d+)?j?))`,
    String.raw`(?<word>[\p{L}_][\p{L}\p{N}_]*)`,
  ].join('|'),
  'giu',
);

/** Returns the program in pieces; joined, they are the program. */
export function highlight(program: string): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  let defines = false;
  const push = (kind: Kind, text: string) => {
    const last = tokens.at(-1);
    if (text === '') return;
    if (last?.kind === kind && kind === 'plain') last.text += text;
    else tokens.push({ kind, text });
  };
  for (const found of program.matchAll(PATTERN)) {
    push('plain', program.slice(end, found.index));
    end = found.index + found[0].length;
    const groups = found.groups ?? {};
    const word = groups.word;
    // `match` and `case` are names as well; only before a colon at the line's end do they begin a statement.
    const soft = word === 'match' || word === 'case';
    const statement = !soft || /^[^\n]*:[ \t]*(?:#[^\n]*)?$/m.test(program.slice(end).split('\n')[0] ?? '');
    if (groups.comment !== undefined) push('comment', found[0]);
    else if (groups.string !== undefined) push('string', found[0]);
    else if (groups.number !== undefined) push('number', found[0]);
    else if (word !== undefined && KEYWORDS.has(word) && statement) push('keyword', word);
    else push(defines ? 'name' : 'plain', found[0]);
    defines = word === 'def' || word === 'class';
  }
  push('plain', program.slice(end));
  return tokens;
}
