/** Round numbers along an axis. */

export function ticks(low: number, high: number, about: number): number[] {
  const range = high - low;
  if (!(range > 0) || !Number.isFinite(range)) return [];
  const raw = range / Math.max(1, about);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= raw * (1 - 1e-9)) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) =>
    Number(((first + at) * step).toPrecision(12)),
  );
}

/** Powers of ten on a logarithmic axis, at most about so many; round numbers where it is shorter than that. */
export function logTicks(low: number, high: number, about: number): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  if (!(last - first >= 1)) return ticks(low, high, about);
  const every = Math.ceil((last - first) / about);
  return Array.from({ length: Math.floor((last - first) / every) + 1 }, (_, at) =>
    Number(`1e${first + at * every}`),
  );
}
