import { expect, it } from 'vitest';
import type { GraphNode } from '../run/frames';
import { costs, shapeText, sorted } from './ops';

const node = (id: number, op: string, ms: number): GraphNode => ({
  id,
  op,
  module: `m${id}`,
  shape: [2, 3],
  value: null,
  gradient: null,
  name: '',
  forward_ms: ms,
  backward_ms: 2,
  bytes: 8,
});
const nodes = [node(1, 'conv2d', 5), node(2, 'relu', 1), node(3, 'conv2d', 7)];

it('ops of one kind add up', () => {
  const conv = costs(nodes, true).find((cost) => cost.op === 'conv2d');
  expect([conv?.count, conv?.forward, conv?.backward, conv?.bytes]).toEqual([2, 12, 4, 16]);
});

it('parameters cost nothing, and are left out', () => {
  expect(costs([node(1, 'parameter', 0)], false)).toEqual([]);
});

it('rows are sorted by number or by name', () => {
  expect(sorted(costs(nodes, false), 'forward', true).map((cost) => cost.key)).toEqual(['3', '1', '2']);
  expect(sorted(costs(nodes, false), 'op', false).map((cost) => cost.key)).toEqual(['1', '3', '2']);
});

it('a number without dimensions has an empty shape', () => {
  expect([shapeText([64, 10]), shapeText([])]).toEqual(['64 × 10', '()']);
});
