/**
 * What a program printed, as lines of one stream each.
 *
 * Both streams come in pieces that end anywhere. A piece of the other stream begins a line of its own; the stream that
 * was interrupted goes on in a new line. A carriage return without a line feed writes over the line, as progress bars
 * do on a terminal. The list is bounded: the oldest lines go first, and how many went is told.
 */

export interface Line {
  /** Counted from 0 over the whole run, so that it names the line even after others were dropped. */
  at: number;
  stream: 'stdout' | 'stderr';
  text: string;
}

export const MOST_LINES = 5000;
const LONGEST_LINE = 4000;

export class Output {
  lines: Line[] = [];
  dropped = 0;
  private next = 0;
  private open = false;
  /** A carriage return came last: what follows begins the line anew, unless it is the rest of the line's end. */
  private returned = false;

  constructor(private readonly most = MOST_LINES) {}

  push(stream: Line['stream'], text: string): void {
    const pieces = text.split('\n');
    pieces.forEach((piece, at) => {
      if (at > 0) {
        if (!this.open) this.begin(stream);
        this.open = false;
        this.returned = false;
      }
      if (piece !== '') this.extend(stream, piece);
    });
    if (this.lines.length > this.most) {
      const many = this.lines.length - this.most;
      this.dropped += many;
      this.lines = this.lines.slice(many);
    }
  }

  private begin(stream: Line['stream']): Line {
    const line: Line = { at: this.next, stream, text: '' };
    this.next += 1;
    this.lines.push(line);
    this.open = true;
    this.returned = false;
    return line;
  }

  private extend(stream: Line['stream'], piece: string): void {
    const last = this.lines[this.lines.length - 1];
    let line = this.open && last && last.stream === stream ? last : this.begin(stream);
    for (const [at, part] of piece.split('\r').entries()) {
      if (at > 0) this.returned = true;
      if (part === '') continue;
      const kept = this.returned ? '' : line.text;
      this.returned = false;
      line = { ...line, text: (kept + part).slice(0, LONGEST_LINE) };
      this.lines[this.lines.length - 1] = line;
    }
  }
}
