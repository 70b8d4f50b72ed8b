import { expect, it } from 'vitest';
import { css, diverging, grey, inkOn, pixels, sequential, type Rgb } from './colors';

const luminance = ([r, g, b]: Rgb) =>
  0.2126 * (r / 255) ** 2.2 + 0.7152 * (g / 255) ** 2.2 + 0.0722 * (b / 255) ** 2.2;

it('the sequential map rises in lightness all the way', () => {
  const light = Array.from({ length: 65 }, (_, at) => luminance(sequential(at / 64)));
  for (let at = 1; at < light.length; at += 1) expect(light[at]).toBeGreaterThan(light[at - 1] as number);
});

it('the diverging map is lightest in its middle, blue below and orange above', () => {
  expect(luminance(diverging(0))).toBeGreaterThan(luminance(diverging(0.3)));
  expect(luminance(diverging(0))).toBeGreaterThan(luminance(diverging(-0.3)));
  const [low, high] = [diverging(-1), diverging(1)];
  expect(low[2]).toBeGreaterThan(low[0]);
  expect(high[0]).toBeGreaterThan(high[2]);
});

it('what lies outside, or is no number, has a colour', () => {
  expect(sequential(7)).toEqual(sequential(1));
  expect(diverging(-Infinity)).toEqual(diverging(-1));
  expect([css(sequential(NaN)), css(grey(NaN))]).toEqual(['rgb(128 128 128)', 'rgb(128 128 128)']);
});

it('ink can be read on every colour', () => {
  for (let at = 0; at <= 32; at += 1) {
    const color = sequential(at / 32);
    const light = luminance(color);
    const contrast = inkOn(color) === '#000' ? (light + 0.05) / 0.05 : 1.05 / (light + 0.05);
    expect(contrast).toBeGreaterThan(4.4);
  }
});

it('pixels are opaque', () => {
  expect([...pixels([0, 1], grey)]).toEqual([0, 0, 0, 255, 255, 255, 255, 255]);
});
