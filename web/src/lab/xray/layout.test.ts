import { describe, expect, it } from 'vitest';
import type { GraphNode, GraphValue } from '../run/frames';
import { curve, group, isotonic, layout, type Sizes } from './layout';

const node = (id: number, module = '', op = 'op'): GraphNode => ({
  id,
  op,
  module,
  shape: [1],
  value: null,
  gradient: null,
  name: '',
  forward_ms: 0,
  backward_ms: 0,
  bytes: 0,
});
const graph = (nodes: GraphNode[], edges: [number, number][]): GraphValue => ({
  nodes,
  edges,
  truncated: false,
});
const sizes: Sizes = { width: 100, height: (nodes) => 20 + 10 * nodes.length, gapX: 20, gapY: 30 };

const residual = graph(
  [
    node(0, '', 'input'),
    node(1, 'block.conv'),
    node(2, 'block.conv'),
    node(3, 'block.act'),
    node(4, 'block'),
    node(5, 'fc'),
  ],
  [
    [0, 1],
    [1, 2],
    [2, 3],
    [3, 4],
    [0, 4],
    [4, 5],
  ],
);

describe('grouping', () => {
  it('puts the ops of one module into one box', () => {
    expect(group(residual).map((nodes) => nodes.map((n) => n.id))).toEqual([[0], [1, 2], [3], [4], [5]]);
  });

  it('makes no circle of a module that calls another one in its middle', () => {
    const groups = group(
      graph(
        [node(0, 'a'), node(1, 'a.b'), node(2, 'a')],
        [
          [0, 1],
          [1, 2],
          [0, 2],
        ],
      ),
    );
    expect(groups).toHaveLength(3);
  });

  it('puts parameters to the module that they are named after', () => {
    const weight = { ...node(0, '', 'parameter'), name: 'fc.weight' };
    const groups = group(graph([weight, node(1, 'fc')], [[0, 1]]));
    expect(groups.map((nodes) => nodes.map((n) => n.module))).toEqual([['fc', 'fc']]);
  });

  it('leaves what is outside of modules by itself', () => {
    expect(group(graph([node(0), node(1)], [[0, 1]]))).toHaveLength(2);
  });
});

describe('the layout', () => {
  const check = (value: GraphValue) => {
    const { boxes, edges, width, height } = layout(value, sizes);
    for (const a of boxes) {
      expect(a.x).toBeGreaterThanOrEqual(0);
      expect(a.x + a.width).toBeLessThanOrEqual(width + 1e-6);
      expect(a.y + a.height).toBeLessThanOrEqual(height + 1e-6);
      for (const b of boxes) {
        if (a.id >= b.id) continue;
        const apart =
          a.x + a.width <= b.x + 1e-6 ||
          b.x + b.width <= a.x + 1e-6 ||
          a.y + a.height <= b.y ||
          b.y + b.height <= a.y;
        expect(apart, `${a.id} and ${b.id} overlap`).toBe(true);
      }
    }
    for (const edge of edges) {
      expect((boxes[edge.from] as (typeof boxes)[0]).layer).toBeLessThan(
        (boxes[edge.to] as (typeof boxes)[0]).layer,
      );
      for (const [x] of edge.points) {
        expect(x).toBeGreaterThanOrEqual(-1e-6);
        expect(x).toBeLessThanOrEqual(width + 1e-6);
      }
    }
    return { boxes, edges, width, height };
  };

  it('leads an edge that skips layers around the boxes between', () => {
    const { boxes, edges } = check(residual);
    const skip = edges.find((edge) => edge.from === 0 && edge.to === 3);
    expect(skip?.points.length).toBe(2 + 2 * 2);
    for (const [x, y] of skip?.points ?? []) {
      const inside = boxes.some(
        (box) =>
          box.id !== 0 &&
          box.id !== 3 &&
          x > box.x &&
          x < box.x + box.width &&
          y > box.y &&
          y < box.y + box.height,
      );
      expect(inside).toBe(false);
    }
  });

  it('puts a chain into one column', () => {
    const { boxes } = check(
      graph(
        [node(0), node(1), node(2)],
        [
          [0, 1],
          [1, 2],
        ],
      ),
    );
    expect(new Set(boxes.map((box) => box.x)).size).toBe(1);
  });

  it('puts a leaf right above its first use', () => {
    const { boxes } = check(
      graph(
        [node(0), node(1), node(2), node(3)],
        [
          [0, 1],
          [1, 2],
          [3, 2],
        ],
      ),
    );
    expect(boxes.map((box) => box.layer)).toEqual([0, 1, 2, 1]);
  });

  it('holds for random graphs, and for none', () => {
    let state = 3;
    const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
    for (let round = 0; round < 60; round += 1) {
      const many = Math.floor(random() * 40);
      const nodes = Array.from({ length: many }, (_, id) =>
        node(id, ['', 'a', 'b', 'a.c'][Math.floor(random() * 4)]),
      );
      const edges: [number, number][] = [];
      for (let to = 1; to < many; to += 1) {
        for (let more = 0; more < 2; more += 1) edges.push([Math.floor(random() * to), to]);
      }
      check(graph(nodes, edges));
    }
  });

  it('of three hundred ops does not take long', () => {
    const nodes = Array.from({ length: 300 }, (_, id) => node(id, `layer.${Math.floor(id / 3)}`));
    const edges = nodes.slice(1).map((n): [number, number] => [n.id - 1, n.id]);
    const before = performance.now();
    check(graph(nodes, edges));
    expect(performance.now() - before).toBeLessThan(1500);
  });
});

it('isotonic regression is the nearest that never falls', () => {
  expect(isotonic([1, 2, 3])).toEqual([1, 2, 3]);
  expect(isotonic([3, 1])).toEqual([2, 2]);
  expect(isotonic([1, 4, 2, 6])).toEqual([1, 3, 3, 6]);
});

it('a curve goes through its ends', () => {
  expect(
    curve([
      [0, 0],
      [0, 10],
      [5, 20],
    ]),
  ).toBe('M0 0V10C0 15 5 15 5 20');
});
