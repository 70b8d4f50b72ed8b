import { expect, test } from 'vitest';

import { layout, type Skill } from './layout';

const SPACING = { layer: 200, row: 80, width: 150, height: 60 };

function graph(text: string): Skill[] {
  return text.split(';').map((part) => {
    const [id = '', requires = ''] = part.trim().split('<');
    return { id: id.trim(), requires: requires.split(' ').filter(Boolean) };
  });
}

const COURSE = graph(
  `gradients; gradient-descent < gradients; tensor-shapes; training-loop < gradient-descent;
   linear-regression < gradient-descent tensor-shapes; logistic-regression < linear-regression;
   decision-boundary < logistic-regression; activations < gradients; mse < gradients tensor-shapes;
   cross-entropy < mse; numerical-stability < cross-entropy; backpropagation < activations tensor-shapes;
   neural-networks < backpropagation training-loop; convolution < tensor-shapes; pooling < convolution;
   mini-batches < training-loop; evaluation < training-loop;
   cnn < convolution pooling neural-networks cross-entropy mini-batches evaluation`,
);

test('every skill stands to the right of what it builds on', () => {
  const { skills } = layout(COURSE, SPACING);
  const at = new Map(skills.map((skill) => [skill.id, skill]));
  expect(skills).toHaveLength(COURSE.length);
  for (const { id, requires } of COURSE) {
    for (const required of requires) expect(at.get(required)?.x).toBeLessThan(at.get(id)?.x ?? 0);
  }
});

test('no two skills overlap, and all are within the picture', () => {
  const { skills, width, height } = layout(COURSE, SPACING);
  for (const [at, a] of skills.entries()) {
    expect(a.x).toBeGreaterThanOrEqual(0);
    expect(a.y).toBeGreaterThanOrEqual(0);
    expect(a.x + SPACING.width).toBeLessThanOrEqual(width);
    expect(a.y + SPACING.height).toBeLessThanOrEqual(height);
    for (const b of skills.slice(at + 1)) {
      if (a.layer === b.layer) expect(Math.abs(a.y - b.y)).toBeGreaterThanOrEqual(SPACING.height);
    }
  }
});

test('lines do not run through skills', () => {
  const { skills, lines } = layout(COURSE, SPACING);
  for (const line of lines) {
    // Where a line passes a layer it is level: `…, x y H right`.
    for (const [, x, y] of line.path.matchAll(/([\d.]+) ([\d.]+)H/g)) {
      for (const skill of skills.filter((skill) => skill.x === Number(x))) {
        const inside = Number(y) > skill.y && Number(y) < skill.y + SPACING.height;
        expect(inside, `${line.from} → ${line.to} through ${skill.id}`).toBe(false);
      }
    }
  }
});

test('lines that need not cross do not', () => {
  // The order in which they are written would cross both.
  const { skills } = layout(graph('a; b; x < b; y < a'), SPACING);
  const y = (id: string) => skills.find((skill) => skill.id === id)?.y ?? NaN;
  expect(Math.sign(y('a') - y('b'))).toBe(Math.sign(y('y') - y('x')));
});

test('a chain is straight', () => {
  const { skills, height } = layout(graph('a; b < a; c < b'), SPACING);
  expect(new Set(skills.map(({ y }) => y))).toEqual(new Set([0]));
  expect(height).toBe(SPACING.height);
});

test('an empty graph, a stranger and a circle do no harm', () => {
  expect(layout([], SPACING)).toEqual({ width: 0, height: 0, skills: [], lines: [] });
  expect(layout(graph('a < nobody'), SPACING).lines).toEqual([]);
  expect(layout(graph('a < b; b < a'), SPACING).skills).toHaveLength(2);
});

test('the same graph gives the same picture', () => {
  expect(layout(COURSE, SPACING)).toEqual(layout(COURSE, SPACING));
});
