/**
 * A line of text with `code` and $formulas$, as checks write them, taken apart into pieces to be shown.
 *
 * Formulas in checks are short. This reads letters, numbers, scripts, accents, fractions, roots and the common
 * symbols; a formula with anything else is shown as it was written.
 */

export type Piece =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'strong'; text: string }
  | { kind: 'math'; source: string; math: MathNode[] };

export type MathNode =
  | { is: 'mi' | 'mn' | 'mo' | 'mtext'; text: string; upright?: boolean }
  | { is: 'msup' | 'msub' | 'msubsup' | 'mfrac' | 'mover' | 'msqrt' | 'mrow'; children: MathNode[] };

export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  const plain = (more: string) => {
    const last = found[found.length - 1];
    const said = more.replace(/\\([$`*\\])/g, '$1');
    if (last?.kind === 'text') last.text += said;
    else if (said) found.push({ kind: 'text', text: said });
  };
  let from = 0;
  for (const match of text.matchAll(/\\[$`*\\]|`([^`]+)`|\$([^$\n]+)\$|\*\*([^*]+)\*\*/g)) {
    plain(text.slice(from, match.index));
    from = match.index + match[0].length;
    if (match[1] !== undefined) found.push({ kind: 'code', text: match[1] });
    else if (match[2] !== undefined) found.push(formula(match[2]));
    else if (match[3] !== undefined) found.push({ kind: 'strong', text: match[3] });
    else plain(match[0]);
  }
  plain(text.slice(from));
  return found;
}

function formula(source: string): Piece {
  try {
    return { kind: 'math', source, math: new Reader(source).all() };
  } catch {
    return { kind: 'code', text: source };
  }
}

const SYMBOLS: Record<string, string> = {
  cdot: '⋅',
  times: '×',
  partial: '∂',
  infty: '∞',
  top: '⊤',
  le: '≤',
  leq: '≤',
  ge: '≥',
  geq: '≥',
  ne: '≠',
  neq: '≠',
  approx: '≈',
  sim: '∼',
  in: '∈',
  to: '→',
  sum: '∑',
  prod: '∏',
  nabla: '∇',
  pm: '±',
  odot: '⊙',
  ldots: '…',
  dots: '…',
  quad: '\u2003',
  ',': '\u2009',
  lVert: '‖',
  rVert: '‖',
  mid: '|',
  '{': '{',
  '}': '}',
  '%': '%',
  star: '⋆',
  ast: '∗',
  leftarrow: '←',
  rightarrow: '→',
  propto: '∝',
  cdots: '⋯',
  otimes: '⊗',
  colon: ':',
};
const LETTERS: Record<string, string> = {
  alpha: 'α',
  beta: 'β',
  gamma: 'γ',
  delta: 'δ',
  epsilon: 'ϵ',
  varepsilon: 'ε',
  eta: 'η',
  theta: 'θ',
  lambda: 'λ',
  mu: 'μ',
  nu: 'ν',
  pi: 'π',
  rho: 'ρ',
  sigma: 'σ',
  tau: 'τ',
  phi: 'ϕ',
  varphi: 'φ',
  psi: 'ψ',
  omega: 'ω',
  xi: 'ξ',
  Delta: 'Δ',
  Theta: 'Θ',
  Lambda: 'Λ',
  Sigma: 'Σ',
  Phi: 'Φ',
  Omega: 'Ω',
  ell: 'ℓ',
};
const FUNCTIONS = new Set([
  'ln',
  'log',
  'exp',
  'max',
  'min',
  'sin',
  'cos',
  'tanh',
  'arg',
  'argmax',
  'det',
  'dim',
]);
const ACCENTS: Record<string, string> = { hat: '^', bar: '¯', tilde: '~', vec: '→', dot: '˙' };
const UPRIGHT = new Set(['mathrm', 'text', 'operatorname', 'mathbf']);

class Reader {
  private at = 0;

  constructor(private readonly source: string) {}

  all(): MathNode[] {
    const nodes = this.row(() => false);
    if (this.at < this.source.length) throw new Error('left over');
    return nodes;
  }

  private row(end: () => boolean): MathNode[] {
    const nodes: MathNode[] = [];
    for (;;) {
      this.space();
      if (this.at >= this.source.length || end()) return nodes;
      nodes.push(this.scripted());
    }
  }

  private scripted(): MathNode {
    const base = this.atom();
    let sub: MathNode | null = null;
    let sup: MathNode | null = null;
    for (;;) {
      this.space();
      const next = this.source[this.at];
      if (next === '_' && !sub) {
        this.at += 1;
        sub = this.argument();
      } else if (next === '^' && !sup) {
        this.at += 1;
        sup = this.argument();
      } else if (next === "'" && !sup) {
        this.at += 1;
        sup = { is: 'mo', text: '′' };
      } else break;
    }
    if (sub && sup) return { is: 'msubsup', children: [base, sub, sup] };
    if (sub) return { is: 'msub', children: [base, sub] };
    return sup ? { is: 'msup', children: [base, sup] } : base;
  }

  private argument(): MathNode {
    this.space();
    if (this.source[this.at] !== '{') return this.atom();
    this.at += 1;
    const children = this.row(() => this.source[this.at] === '}');
    if (this.source[this.at] !== '}') throw new Error('a brace stays open');
    this.at += 1;
    return children.length === 1 ? (children[0] as MathNode) : { is: 'mrow', children };
  }

  private atom(): MathNode {
    this.space();
    const rest = this.source.slice(this.at);
    const take = (text: string) => {
      this.at += text.length;
      return text;
    };
    if (rest.startsWith('{')) return this.argument();
    if (rest.startsWith('\\')) return this.command();
    const digits = /^\d+(?:[.,]\d+)*/.exec(rest);
    if (digits) return { is: 'mn', text: take(digits[0]) };
    const letter = /^\p{L}/u.exec(rest);
    if (letter) return { is: 'mi', text: take(letter[0]) };
    const sign = /^[-+*/=<>()[\]|,.:;!]/.exec(rest);
    if (sign) return { is: 'mo', text: take(sign[0]) === '-' ? '−' : sign[0] === '*' ? '∗' : sign[0] };
    throw new Error('unknown sign');
  }

  private command(): MathNode {
    const [whole, name] = /^\\([A-Za-z]+|[^A-Za-z])/.exec(this.source.slice(this.at)) ?? [];
    if (!whole || !name) throw new Error('no command');
    this.at += whole.length;
    const symbol = Object.hasOwn(SYMBOLS, name) ? SYMBOLS[name] : undefined;
    if (symbol !== undefined) return { is: 'mo', text: symbol };
    const letter = Object.hasOwn(LETTERS, name) ? LETTERS[name] : undefined;
    if (letter !== undefined) return { is: 'mi', text: letter };
    if (FUNCTIONS.has(name)) return { is: 'mi', text: name, upright: true };
    if (name === 'frac') return { is: 'mfrac', children: [this.argument(), this.argument()] };
    if (name === 'sqrt') return { is: 'msqrt', children: [this.argument()] };
    if (name === 'left' || name === 'right') return this.atom();
    const accent = Object.hasOwn(ACCENTS, name) ? ACCENTS[name] : undefined;
    if (accent !== undefined) return { is: 'mover', children: [this.argument(), { is: 'mo', text: accent }] };
    if (UPRIGHT.has(name)) {
      const [braced, text] = /^\s*\{([^{}\\]*)\}/.exec(this.source.slice(this.at)) ?? [];
      if (braced === undefined || text === undefined) throw new Error('no text');
      this.at += braced.length;
      return { is: 'mtext', text, upright: true };
    }
    throw new Error(`unknown command ${name}`);
  }

  private space(): void {
    while (/\s/.test(this.source[this.at] ?? '')) this.at += 1;
  }
}
