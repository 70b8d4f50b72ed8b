import { describe, expect, it } from 'vitest';
import type { GraphNode, GraphValue, Numeric, Summary } from '../run/frames';
import type { HistogramPoint } from '../run/run';
import { findings, parameterOrder, profile } from './health';

const summary = (given: Partial<Summary> = {}): Summary => ({
  min: -1,
  max: 1,
  mean: 0,
  std: 0.5,
  zeros: 0,
  not_finite: 0,
  ...given,
});
const node = (id: number, op: string, given: Partial<GraphNode> = {}): GraphNode => ({
  id,
  op,
  module: `layer${id}`,
  shape: [4],
  value: summary(),
  gradient: summary(),
  name: '',
  forward_ms: 1,
  backward_ms: 1,
  bytes: 4,
  ...given,
});
const graph = (...nodes: GraphNode[]): GraphValue => ({
  nodes,
  edges: [],
  truncated: false,
});
const history = (...norms: (Numeric | null)[]): HistogramPoint[] =>
  norms.map((gradient_norm, step) => ({
    step,
    time: step,
    value: {
      shape: [10, 10],
      value: { low: -1, high: 1, counts: [50, 50] },
      gradient: gradient_norm === null ? null : { low: -1, high: 1, counts: [50, 50] },
      norm: 3,
      gradient_norm: gradient_norm ?? 0,
    },
  }));
const kinds = (g: GraphValue | null, h: Record<string, HistogramPoint[]> = {}) =>
  findings(g, new Map(Object.entries(h))).map((finding) => finding.kind);

describe('a healthy network', () => {
  it('has no findings', () => {
    const healthy = graph(
      node(0, 'conv2d'),
      node(1, 'relu', { value: summary({ min: 0, zeros: 0.55 }) }),
      node(2, 'linear'),
    );
    expect(
      kinds(healthy, {
        'layer0.weight': history(0.1),
        'layer1.weight': history(0.4),
        'layer2.weight': history(2),
      }),
    ).toEqual([]);
    expect(kinds(null)).toEqual([]);
  });
});

describe('what is pointed out', () => {
  it('a ReLU whose outputs are nearly all zero', () => {
    expect(kinds(graph(node(0, 'relu', { value: summary({ min: 0, zeros: 0.97 }) })))).toEqual(['dead_relu']);
  });

  it('a tanh and a sigmoid at the ends of their range', () => {
    expect(kinds(graph(node(0, 'tanh', { value: summary({ mean: 0.1, std: 0.98 }) })))).toEqual([
      'saturated',
    ]);
    expect(kinds(graph(node(0, 'sigmoid', { value: summary({ min: 0, mean: 0.99, std: 0.02 }) })))).toEqual([
      'saturated',
    ]);
    expect(kinds(graph(node(0, 'sigmoid', { value: summary({ min: 0, mean: 0.5, std: 0.2 }) })))).toEqual([]);
  });

  it('the first value that is not finite, and of gradients the first on the way back', () => {
    const bad = graph(
      node(0, 'linear'),
      node(1, 'log', { value: summary({ not_finite: 1 }) }),
      node(2, 'sum', { value: summary({ not_finite: 3 }) }),
    );
    expect(findings(bad, new Map())[0]).toEqual({
      kind: 'not_finite',
      where: 'layer1 (log)',
      gradient: false,
    });
    const back = graph(
      node(0, 'linear', { gradient: summary({ not_finite: 1 }) }),
      node(1, 'sqrt', { gradient: summary({ not_finite: 2 }) }),
    );
    expect(findings(back, new Map())[0]).toEqual({
      kind: 'not_finite',
      where: 'layer1 (sqrt)',
      gradient: true,
    });
  });

  it('a gradient that vanishes on the way to the first layer', () => {
    const deep = graph(node(0, 'linear'), node(1, 'linear'), node(2, 'linear'));
    expect(
      kinds(deep, {
        'layer0.weight': history(1e-6),
        'layer1.weight': history(1e-3),
        'layer2.weight': history(1),
      }),
    ).toEqual(['vanishing']);
  });

  it('also when at its end all gradients are small, because nothing is left to learn', () => {
    const deep = { a: history(1e-7, 1e-7, 1e-9), b: history(1e-4, 1e-4, 1e-9), c: history(1, 0.5, 1e-9) };
    expect(kinds(null, deep)).toEqual(['vanishing']);
    expect(kinds(null, { a: history(0.1, 1e-9), b: history(0.1, 1e-9), c: history(0.1, 1e-3) })).toEqual([]);
  });

  it('the same from the ranges of the nodes alone', () => {
    const at = (id: number, max: number) => node(id, 'linear', { gradient: summary({ min: -max, max }) });
    expect(kinds(graph(at(0, 1e-7), at(1, 1e-4), at(2, 0.1)))).toEqual(['vanishing']);
  });

  it('a gradient that explodes, and one that has grown a thousandfold', () => {
    expect(kinds(null, { a: history(5e5) })).toEqual(['exploding']);
    expect(kinds(null, { a: history(0.001, 0.001, 0.002, 0.1, 5) })).toEqual(['exploding']);
    expect(kinds(null, { a: history(0.001, 0.002, 0.004, 0.008) })).toEqual([]);
  });

  it('a parameter that no gradient reaches', () => {
    expect(kinds(null, { a: history(0) })).toEqual(['no_gradient']);
    expect(kinds(null, { a: history(null, null), b: history(1) })).toEqual(['no_gradient']);
    expect(kinds(null, { a: history(null) })).toEqual([]);
  });
});

it('layers stand in the order in which the network uses them, and biases are left out', () => {
  const parameter = (id: number, name: string, size: number) =>
    node(id, 'parameter', { module: '', name, shape: [size] });
  const network: GraphValue = {
    nodes: [
      parameter(0, 'b.weight', 9),
      parameter(1, 'b.bias', 3),
      parameter(2, 'a.weight', 9),
      node(3, 'linear'),
      node(4, 'linear'),
    ],
    edges: [
      [2, 3],
      [3, 4],
      [0, 4],
      [1, 4],
    ],
    truncated: false,
  };
  expect(parameterOrder(network)).toEqual(['a.weight', 'b.weight', 'b.bias']);
  const histograms = new Map(
    Object.entries({ 'b.bias': history(1), 'b.weight': history(1), 'a.weight': history(1) }),
  );
  expect(profile(network, histograms).map((layer) => layer.name)).toEqual(['a.weight', 'b.weight']);
});
