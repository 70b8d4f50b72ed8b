/** Numbers, times and durations in the page's language. */

import { language, tag, type Language } from './language.svelte';

const cached = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat | Intl.RelativeTimeFormat>();

function once<T extends Intl.DateTimeFormat | Intl.NumberFormat | Intl.RelativeTimeFormat>(
  key: string,
  make: (tag: string) => T,
  of: Language = language.current,
): T {
  const name = `${of} ${key}`;
  const found = cached.get(name) ?? make(tag[of]);
  cached.set(name, found);
  return found as T;
}

/** `2026年3月1日 14:05`, from Unix milliseconds. */
export function dateTime(at: number): string {
  return once('dateTime', (tag) => new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short' })).format(at);
}

/** `2026年3月1日`, from Unix milliseconds. */
export function date(at: number): string {
  return once('date', (tag) => new Intl.DateTimeFormat(tag, { dateStyle: 'medium' })).format(at);
}

const STEPS: [limit: number, unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  [60, 'second', 1],
  [3600, 'minute', 60],
  [86_400, 'hour', 3600],
  [7 * 86_400, 'day', 86_400],
];

/** `3 minutes ago`; the date when that is more than a week. */
export function ago(at: number, now: number = Date.now()): string {
  const seconds = Math.round((at - now) / 1000);
  const step = STEPS.find(([limit]) => Math.abs(seconds) < limit);
  if (!step) return date(at);
  const [, unit, size] = step;
  return once('ago', (tag) => new Intl.RelativeTimeFormat(tag, { numeric: 'auto' })).format(
    Math.trunc(seconds / size),
    unit,
  );
}

/** `12,345.6`. */
export function number(value: number, digits = 1): string {
  return once(
    `number ${digits}`,
    (tag) => new Intl.NumberFormat(tag, { maximumFractionDigits: digits }),
  ).format(value);
}

/** `85%`, from a share of one. */
export function percent(share: number): string {
  return once('percent', (tag) => new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 0 })).format(
    share,
  );
}

/** `1.4 GiB`. */
export function bytes(count: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${number(value, value < 10 && unit > 0 ? 1 : 0)} ${units[unit]}`;
}

/** `350 ms`, `2.4 s`, `1:05 min`, from seconds. */
export function seconds(value: number): string {
  if (value < 1) return `${number(value * 1000, 0)} ms`;
  if (value < 60) return `${number(value, 1)} s`;
  const whole = Math.round(value);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')} min`;
}

/** `3 d 4 h`, `2 h 5 min`, `40 s`: two units at most, from seconds. */
export function duration(value: number): string {
  const units: [string, number][] = [
    ['d', 86_400],
    ['h', 3600],
    ['min', 60],
    ['s', 1],
  ];
  let left = Math.floor(value);
  const parts: string[] = [];
  for (const [name, size] of units) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0 && parts.length < 2) parts.push(`${count} ${name}`);
    else if (parts.length > 0) break;
  }
  return parts.join(' ') || '0 s';
}
