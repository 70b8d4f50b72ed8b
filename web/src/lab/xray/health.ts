/**
 * What is wrong with a network, seen from the ranges of its values and gradients.
 *
 * The bounds are rules of thumb: about half of a ReLU's outputs are zero in a healthy network, and the gradients of
 * its first and last layer lie within two or three powers of ten of each other.
 */

import { toNumber, type GraphNode, type GraphValue, type Summary } from '../run/frames';
import type { HistogramPoint } from '../run/run';

export type Finding =
  | { kind: 'not_finite'; where: string; gradient: boolean }
  | { kind: 'dead_relu'; where: string; share: number; node: number }
  | { kind: 'saturated'; where: string; op: string; node: number }
  | { kind: 'no_gradient'; where: string }
  | { kind: 'vanishing'; where: string; last: string; ratio: number }
  | { kind: 'exploding'; where: string; size: number; grown: number | null };

/** From here on a ReLU counts as dead. */
export const DEAD_SHARE = 0.9;
/** The first layer's gradient is vanishing below this part of the last one's. */
const VANISHING = 1e-3;
/** A gradient of this size per element takes any usual learning rate out of bounds. */
const EXPLODING = 1e4;
/** So many times its earlier size. */
const GROWN = 1e3;

export function findings(graph: GraphValue | null, histograms: Map<string, HistogramPoint[]>): Finding[] {
  return [...notFinite(graph, histograms), ...units(graph), ...gradients(graph, histograms)];
}

/** Returns the name that a learner knows a node by. */
export function placeOf(node: GraphNode): string {
  if (node.op === 'parameter') return node.name || node.op;
  return node.module ? `${node.module} (${node.op})` : node.op;
}

function notFinite(graph: GraphValue | null, histograms: Map<string, HistogramPoint[]>): Finding[] {
  // The first node in which it happened explains all that come after it.
  for (const node of graph?.nodes ?? []) {
    if (broken(node.value)) return [{ kind: 'not_finite', where: placeOf(node), gradient: false }];
  }
  const last = [...(graph?.nodes ?? [])].reverse().find((node) => broken(node.gradient));
  if (last) return [{ kind: 'not_finite', where: placeOf(last), gradient: true }];
  for (const [name, points] of histograms) {
    const point = points[points.length - 1];
    if (!point) continue;
    if (!Number.isFinite(toNumber(point.value.norm)))
      return [{ kind: 'not_finite', where: name, gradient: false }];
    if (!Number.isFinite(toNumber(point.value.gradient_norm)))
      return [{ kind: 'not_finite', where: name, gradient: true }];
  }
  return [];
}

function broken(summary: Summary | null): boolean {
  if (!summary) return false;
  return (
    summary.not_finite > 0 ||
    !Number.isFinite(toNumber(summary.min)) ||
    !Number.isFinite(toNumber(summary.max))
  );
}

function units(graph: GraphValue | null): Finding[] {
  return (graph?.nodes ?? []).flatMap((node): Finding[] => {
    const value = node.value;
    if (!value) return [];
    const op = node.op.toLowerCase();
    if (/^(relu|relu6|threshold)/.test(op) && value.zeros >= DEAD_SHARE) {
      return [{ kind: 'dead_relu', where: placeOf(node), share: value.zeros, node: node.id }];
    }
    const std = toNumber(value.std);
    const mean = toNumber(value.mean);
    // A tanh is saturated when its outputs lie at -1 and 1, a sigmoid when they lie at 0 and 1: then the mean square
    // is at its greatest.
    const square = op.startsWith('tanh')
      ? mean ** 2 + std ** 2
      : op.startsWith('sigmoid')
        ? (2 * mean - 1) ** 2 + (2 * std) ** 2
        : 0;
    return square > 0.95 ** 2
      ? [{ kind: 'saturated', where: placeOf(node), op: node.op, node: node.id }]
      : [];
  });
}

interface Layer {
  name: string;
  /** The gradient's size per element, now and over the run. */
  size: number;
  history: number[];
}

const elements = (shape: number[]) => shape.reduce((product, size) => product * size, 1);

/** Returns the names of the parameters in the order in which the network uses them. */
export function parameterOrder(graph: GraphValue | null): string[] {
  const first = new Map<number, number>();
  for (const [from, to] of graph?.edges ?? []) first.set(from, Math.min(to, first.get(from) ?? Infinity));
  return (graph?.nodes ?? [])
    .filter((node) => node.op === 'parameter' && node.name)
    .sort(
      (a, b) =>
        (first.get(a.id) ?? Infinity) - (first.get(b.id) ?? Infinity) ||
        elements(b.shape) - elements(a.shape),
    )
    .map((node) => node.name);
}

/** Returns the gradients' sizes in the order of the layers: of the weights where they are known, else of the values. */
export function profile(graph: GraphValue | null, histograms: Map<string, HistogramPoint[]>): Layer[] {
  const order = parameterOrder(graph);
  const names = [
    ...order.filter((name) => histograms.has(name)),
    ...[...histograms.keys()].filter((name) => !order.includes(name)),
  ];
  const weights = names.flatMap((name): Layer[] => {
    const points = (histograms.get(name) ?? []).filter((point) => point.value.gradient !== null);
    const many = elements(points[0]?.value.shape ?? [0]);
    const history = points.map((point) => toNumber(point.value.gradient_norm) / Math.sqrt(many));
    const size = history[history.length - 1];
    return size === undefined || many === 0 || /(^|[._])bias$/.test(name) ? [] : [{ name, size, history }];
  });
  if (weights.length > 0) return weights;
  return (graph?.nodes ?? []).flatMap((node): Layer[] => {
    if (!node.gradient || !node.module || node.op === 'parameter') return [];
    const size = Math.max(Math.abs(toNumber(node.gradient.min)), Math.abs(toNumber(node.gradient.max)));
    return [{ name: placeOf(node), size, history: [size] }];
  });
}

/** Returns the parameters that no gradient has ever reached, while others had one. */
function unreached(histograms: Map<string, HistogramPoint[]>): string[] {
  const reached = (points: HistogramPoint[]) => points.some((point) => point.value.gradient !== null);
  if (![...histograms.values()].some(reached)) return [];
  return [...histograms].filter(([, points]) => points.length > 0 && !reached(points)).map(([name]) => name);
}

function gradients(graph: GraphValue | null, histograms: Map<string, HistogramPoint[]>): Finding[] {
  const layers = profile(graph, histograms).filter((layer) => Number.isFinite(layer.size));
  const found = [
    ...layers.filter((layer) => layer.size === 0).map((layer) => layer.name),
    ...unreached(histograms),
  ].map((where): Finding => ({ kind: 'no_gradient', where }));
  const alive = layers.filter((layer) => layer.size > 0);
  const [first] = alive;
  const last = alive[alive.length - 1];
  if (first && last && alive.length >= 3) {
    // Over the whole run: at its end all gradients may be small because the training is done.
    const ratio = median(first.history) / median(last.history);
    if (ratio < VANISHING) found.push({ kind: 'vanishing', where: first.name, last: last.name, ratio });
  }
  const exploding = alive
    .map((layer): Finding | null => {
      const usual = median(
        layer.history.slice(0, Math.ceil(layer.history.length / 2)).filter((size) => size > 0),
      );
      const grown = usual > 0 && layer.history.length >= 4 ? layer.size / usual : null;
      if (layer.size < EXPLODING && !(grown !== null && grown > GROWN)) return null;
      return {
        kind: 'exploding',
        where: layer.name,
        size: layer.size,
        grown: grown !== null && grown > GROWN ? grown : null,
      };
    })
    .find((finding) => finding !== null);
  if (exploding) found.push(exploding);
  return found;
}

/** Returns the middle one of numbers; NaN where there is none. */
function median(numbers: number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;
}
