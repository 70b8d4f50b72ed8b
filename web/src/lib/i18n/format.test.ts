import { beforeEach, expect, test } from 'vitest';

import { ago, bytes, date, duration, number, percent, seconds } from './format';
import { language } from './language.svelte';

beforeEach(() => language.set('en'));

const NOON = Date.UTC(2026, 2, 1, 12);

test('times are told as people tell them', () => {
  expect(ago(NOON - 5_000, NOON)).toBe('5 seconds ago');
  expect(ago(NOON - 3 * 60_000, NOON)).toBe('3 minutes ago');
  expect(ago(NOON - 26 * 3_600_000, NOON)).toBe('yesterday');
  expect(ago(NOON - 30 * 86_400_000, NOON)).toBe(date(NOON - 30 * 86_400_000));
});

test('both languages have their own forms at once', () => {
  language.set('zh');
  expect(ago(NOON - 3 * 60_000, NOON)).toBe('3分钟前');
  expect(date(NOON)).toBe('2026年3月1日');
  language.set('en');
  expect(date(NOON)).toBe('Mar 1, 2026');
});

test('amounts have a unit that fits', () => {
  expect(bytes(0)).toBe('0 B');
  expect(bytes(1536)).toBe('1.5 KiB');
  expect(bytes(200 * 1024 * 1024)).toBe('200 MiB');
  expect(seconds(0.25)).toBe('250 ms');
  expect(seconds(2.44)).toBe('2.4 s');
  expect(seconds(65)).toBe('1:05 min');
  expect(duration(40)).toBe('40 s');
  expect(duration(7_500)).toBe('2 h 5 min');
  expect(duration(3 * 86_400 + 30)).toBe('3 d');
  expect(percent(0.853)).toBe('85%');
  expect(number(12345.67)).toBe('12,345.7');
});
