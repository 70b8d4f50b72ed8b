/**
 * Colours for numbers. The maps are lines through OKLab (Björn Ottosson, 2020), in which equal steps look equal:
 * `sequential` rises evenly in lightness, so that it reads in grey as well; `diverging` has its neutral in the middle,
 * with blue and orange ends that those who do not see red or green can tell apart.
 */

export type Rgb = [number, number, number];

type Lab = [lightness: number, a: number, b: number];

const SEQUENTIAL: Lab[] = polar([
  [0.26, 0.1, 285],
  [0.42, 0.13, 262],
  [0.57, 0.11, 215],
  [0.71, 0.13, 165],
  [0.84, 0.16, 125],
  [0.95, 0.1, 100],
]);

const DIVERGING: Lab[] = polar([
  [0.42, 0.13, 255],
  [0.7, 0.09, 245],
  [0.95, 0.005, 200],
  [0.76, 0.11, 65],
  [0.52, 0.13, 50],
]);

/** Returns the colour of a value between 0 and 1; grey for one that is not a number. */
export function sequential(t: number): Rgb {
  return along(SEQUENTIAL, t);
}

/** Returns the colour of a value between -1 and 1. */
export function diverging(t: number): Rgb {
  return along(DIVERGING, (t + 1) / 2);
}

/** Returns a grey, as an image of one channel is shown. */
export function grey(t: number): Rgb {
  const level = Number.isFinite(t) ? Math.round(Math.min(1, Math.max(0, t)) * 255) : 128;
  return [level, level, level];
}

export function css([r, g, b]: Rgb): string {
  return `rgb(${r} ${g} ${b})`;
}

/** Returns black or white, whichever is easier to read on the colour. */
export function inkOn([r, g, b]: Rgb): '#000' | '#fff' {
  const linear = (value: number) => (value <= 10 ? value / 3294 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  return luminance > 0.179 ? '#000' : '#fff';
}

/** Colours numbers, row by row from the top, as the pixels of an image. */
export function pixels(
  values: ArrayLike<number>,
  color: (value: number) => Rgb,
): Uint8ClampedArray<ArrayBuffer> {
  const bytes = new Uint8ClampedArray(values.length * 4);
  for (let at = 0; at < values.length; at += 1) {
    bytes.set(color(values[at] as number), at * 4);
    bytes[at * 4 + 3] = 255;
  }
  return bytes;
}

function polar(stops: [number, number, number][]): Lab[] {
  return stops.map(([lightness, chroma, hue]) => {
    const angle = (hue * Math.PI) / 180;
    return [lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)];
  });
}

function along(stops: Lab[], t: number): Rgb {
  if (Number.isNaN(t)) return [128, 128, 128];
  const place = Math.min(1, Math.max(0, t)) * (stops.length - 1);
  const at = Math.min(stops.length - 2, Math.floor(place));
  const part = place - at;
  const [from, to] = [stops[at] as Lab, stops[at + 1] as Lab];
  return rgb(from.map((value, k) => value + part * ((to[k] as number) - value)) as Lab);
}

function rgb([lightness, a, b]: Lab): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((value) => {
    const clipped = Math.min(1, Math.max(0, value));
    return Math.round(255 * (clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055));
  }) as Rgb;
}
