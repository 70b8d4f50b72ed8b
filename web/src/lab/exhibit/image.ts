/** Numbers as an image in the page's memory, a pixel for each. */

import { pixels, type Rgb } from './colors';

/** Returns the address of an image of a grid; `upwards` puts the first row at the bottom. */
export function imageOf(
  values: ArrayLike<number>,
  columns: number,
  rows: number,
  color: (value: number) => Rgb,
  upwards = false,
): string {
  if (columns < 1 || rows < 1 || values.length < columns * rows) return '';
  const canvas = document.createElement('canvas');
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext('2d');
  if (!context) return '';
  const ordered = new Float64Array(columns * rows);
  for (let row = 0; row < rows; row += 1) {
    const from = (upwards ? rows - 1 - row : row) * columns;
    for (let column = 0; column < columns; column += 1)
      ordered[row * columns + column] = values[from + column] as number;
  }
  context.putImageData(new ImageData(pixels(ordered, color), columns, rows), 0, 0);
  return canvas.toDataURL();
}
