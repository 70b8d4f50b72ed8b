/** Time and memory of a step by op: single nodes, or all of one kind together. */

import { toNumber, type GraphNode } from '../run/frames';

export interface OpCost {
  key: string;
  op: string;
  module: string;
  shape: string;
  count: number;
  /** Milliseconds. */
  forward: number;
  backward: number;
  bytes: number;
}

export type Column = 'op' | 'module' | 'count' | 'forward' | 'backward' | 'bytes';

export function costs(nodes: GraphNode[], together: boolean): OpCost[] {
  const single = nodes
    .filter((node) => node.op !== 'parameter')
    .map((node) => ({
      key: String(node.id),
      op: node.op,
      module: node.module,
      shape: shapeText(node.shape),
      count: 1,
      forward: toNumber(node.forward_ms) || 0,
      backward: toNumber(node.backward_ms) || 0,
      bytes: node.bytes,
    }));
  if (!together) return single;
  const byOp = new Map<string, OpCost>();
  for (const one of single) {
    const sum = byOp.get(one.op);
    if (!sum) byOp.set(one.op, { ...one, key: one.op, module: '', shape: '' });
    else {
      sum.count += 1;
      sum.forward += one.forward;
      sum.backward += one.backward;
      sum.bytes += one.bytes;
    }
  }
  return [...byOp.values()];
}

export function sorted(list: OpCost[], by: Column, descending: boolean): OpCost[] {
  const sign = descending ? -1 : 1;
  return [...list].sort((a, b) => {
    const [x, y] = [a[by], b[by]];
    const order = typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y));
    return sign * order || a.key.localeCompare(b.key, undefined, { numeric: true });
  });
}

/** `64 × 32 × 28 × 28`; a number alone has no shape. */
export function shapeText(shape: number[]): string {
  return shape.length ? shape.join(' × ') : '()';
}
