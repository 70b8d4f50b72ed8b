/** A docstring taken apart: paragraphs with `code` in them, and programs, which stand indented or after `::`. */

export type Part =
  { kind: 'text'; pieces: { code: boolean; text: string }[] } | { kind: 'program'; text: string };

export function docstring(doc: string): Part[] {
  const parts: Part[] = [];
  let program = false;
  for (const block of doc.replace(/\r/g, '').split(/\n[ \t]*\n/)) {
    const lines = block.split('\n').filter((line) => line.trim() !== '');
    if (lines.length === 0) continue;
    const indent = Math.min(...lines.map((line) => /^ */.exec(line)?.[0].length ?? 0));
    const text = lines.map((line) => line.slice(indent).trimEnd()).join('\n');
    const last = parts[parts.length - 1];
    if (program || indent >= 4 || text.startsWith('>>>')) {
      if (last?.kind === 'program' && indent >= 4) last.text += `\n\n${text}`;
      else parts.push({ kind: 'program', text });
      program = false;
      continue;
    }
    program = /::$/.test(text);
    const said = text.replace(/\s*\n\s*/g, ' ').replace(/\s*::$/, (end) => (end === '::' ? ':' : ''));
    if (said) parts.push({ kind: 'text', pieces: pieces(said) });
  }
  return parts;
}

function pieces(text: string): { code: boolean; text: string }[] {
  return text
    .split(/(``[^`]+``|`[^`]+`)/)
    .filter((piece) => piece !== '')
    .map((piece) =>
      piece.startsWith('`')
        ? { code: true, text: piece.replace(/^`+|`+$/g, '') }
        : { code: false, text: piece },
    );
}
