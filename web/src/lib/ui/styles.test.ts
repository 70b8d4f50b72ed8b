import { expect, test } from 'vitest';

import { withoutStyles } from './styles';

test('a style attribute becomes data', () => {
  expect(withoutStyles('<p>a <mspace style="height: 1em"/> b</p>')).toBe('<p>a <mspace data-style="height: 1em"/> b</p>');
});

test('text that speaks of styles stays', () => {
  const html = '<code>linestyle=&quot;--&quot; style=&quot;x&quot;</code> style="y"';
  expect(withoutStyles(html)).toBe(html);
});
