import { expect, test } from 'vitest';

import { describe } from './drawing';

test('size, title and description are read', () => {
  const svg = '<svg xmlns="x" viewBox="0 0 640 260"><title>a &lt; b &#38; c</title><desc>falls</desc><path/></svg>';
  expect(describe(svg)).toEqual({ width: 640, height: 260, text: 'a < b & c. falls' });
});

test('a drawing that says nothing has a size all the same', () => {
  expect(describe('<svg/>')).toEqual({ width: 640, height: 480, text: '' });
});
