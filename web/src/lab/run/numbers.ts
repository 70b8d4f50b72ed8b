/** Numbers as they are read off a plot: a few significant digits, whatever their size. */

export function short(value: number, digits = 4): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const size = Math.abs(value);
  const text =
    size >= 1e6 || size < 1e-4 ? scientific(value, digits) : String(Number(value.toPrecision(digits)));
  return text.replace('-', '−');
}

function scientific(value: number, digits: number): string {
  const [mantissa, exponent] = value.toExponential(digits - 1).split('e') as [string, string];
  return `${Number(mantissa)}e${exponent.replace('+', '')}`.replace('e-', 'e−');
}
