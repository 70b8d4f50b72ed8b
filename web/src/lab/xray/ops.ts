/** Time and memory of a step by op: single nodes, or all of one kind together. */

import type { GraphNode } from '../run/frames';

export interface OpCost {
  key: string;
  op: string;
  module: string;
  shape: string;
  count: number;
  ms: number;
  bytes: number;
}

export type Column = 'op' | 'module' | 'count' | 'ms' | 'bytes';

export function costs(nodes: GraphNode[], together: boolean): OpCost[] {
  if (!together) {
    return nodes.map((node) => ({
      key: String(node.id),
      op: node.op,
      module: node.module,
      shape: shapeText(node.shape),
      count: 1,
      ms: node.ms ?? 0,
      bytes: node.bytes ?? 0,
    }));
  }
  const byOp = new Map<string, OpCost>();
  for (const node of nodes) {
    const cost = byOp.get(node.op) ?? {
      key: node.op,
      op: node.op,
      module: '',
      shape: '',
      count: 0,
      ms: 0,
      bytes: 0,
    };
    cost.count += 1;
    cost.ms += node.ms ?? 0;
    cost.bytes += node.bytes ?? 0;
    byOp.set(node.op, cost);
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
