/**
 * Where the nodes of a computation graph stand: layers from top to bottom, after Sugiyama.
 *
 * Ops of one module that follow each other stand in one box. A box may not be entered again after it was left, so a
 * module that calls another one in its middle gets a box before and a box after. Edges that pass a layer are led
 * around its boxes by points that take part in the ordering like boxes.
 */

import type { GraphNode, GraphValue } from '../run/frames';

export interface Box {
  id: number;
  module: string;
  nodes: GraphNode[];
  layer: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Edge {
  from: number;
  to: number;
  points: [number, number][];
}

export interface Layout {
  boxes: Box[];
  edges: Edge[];
  width: number;
  height: number;
}

export interface Sizes {
  /** How wide a box is. */
  width: number;
  /** How high a box with so many ops is. */
  height: (nodes: GraphNode[]) => number;
  gapX: number;
  gapY: number;
}

/** How wide a passing edge is, for the ordering. */
const LANE = 14;

export function layout(graph: GraphValue, sizes: Sizes): Layout {
  const groups = group(graph);
  const owner = new Map<number, number>();
  groups.forEach((nodes, at) => nodes.forEach((node) => owner.set(node.id, at)));
  const links = new Map<string, [number, number]>();
  for (const [from, to] of graph.edges) {
    const a = owner.get(from);
    const b = owner.get(to);
    if (a !== undefined && b !== undefined && a !== b) links.set(`${a} ${b}`, [a, b]);
  }
  const edges = [...links.values()];
  const layers = layerOf(groups.length, edges);

  // Boxes and the points of passing edges, as one kind of thing.
  const things: Thing[] = groups.map((nodes, at) => ({
    layer: layers[at] as number,
    width: sizes.width,
    height: sizes.height(nodes),
    x: 0,
    above: [],
    below: [],
  }));
  const ways = edges.map(([from, to]) => {
    const way = [from];
    for (let layer = (layers[from] as number) + 1; layer < (layers[to] as number); layer += 1) {
      things.push({ layer, width: LANE, height: 0, x: 0, above: [], below: [] });
      way.push(things.length - 1);
    }
    way.push(to);
    for (let at = 1; at < way.length; at += 1) {
      (things[way[at - 1] as number] as Thing).below.push(way[at] as number);
      (things[way[at] as number] as Thing).above.push(way[at - 1] as number);
    }
    return { from, to, way };
  });

  const rows = order(things);
  place(things, rows, sizes.gapX);

  const left = Math.min(0, ...things.map((thing) => thing.x - thing.width / 2));
  const tops: number[] = [];
  const heights = rows.map((row) => Math.max(0, ...row.map((at) => (things[at] as Thing).height)));
  let y = 0;
  for (const height of heights) {
    tops.push(y);
    y += height + sizes.gapY;
  }
  const boxes = groups.map((nodes, id): Box => {
    const thing = things[id] as Thing;
    return {
      id,
      module: nodes[0]?.module ?? '',
      nodes,
      layer: thing.layer,
      x: thing.x - thing.width / 2 - left,
      y: tops[thing.layer] as number,
      width: thing.width,
      height: thing.height,
    };
  });
  return {
    boxes,
    edges: ways.map(({ from, to, way }) => ({
      from,
      to,
      points: way.flatMap((at, place): [number, number][] => {
        const thing = things[at] as Thing;
        const x = thing.x - left;
        const top = tops[thing.layer] as number;
        if (place === 0) return [[x, top + thing.height]];
        if (place === way.length - 1) return [[x, top]];
        return [
          [x, top],
          [x, top + (heights[thing.layer] as number)],
        ];
      }),
    })),
    width: Math.max(0, ...things.map((thing) => thing.x + thing.width / 2 - left)),
    height: Math.max(0, y - sizes.gapY),
  };
}

interface Thing {
  layer: number;
  width: number;
  height: number;
  /** The middle. */
  x: number;
  above: number[];
  below: number[];
}

/** Returns the nodes in groups: the ops of one module that can stand in one box. */
export function group(given: GraphValue): GraphNode[][] {
  const graph = { ...given, nodes: given.nodes.map(atHome) };
  const leader = new Map<number, number>(graph.nodes.map((node) => [node.id, node.id]));
  const find = (id: number): number => {
    let at = id;
    while (leader.get(at) !== at) at = leader.get(at) as number;
    return at;
  };
  const modules = new Map(graph.nodes.map((node) => [node.id, node.module]));
  const edges = graph.edges.filter(([from, to]) => leader.has(from) && leader.has(to));

  /** Whether there is another way from one group to the other than straight. */
  const detour = (from: number, to: number): boolean => {
    const next = new Map<number, Set<number>>();
    for (const [a, b] of edges) {
      const [x, y] = [find(a), find(b)];
      if (x !== y) next.set(x, (next.get(x) ?? new Set()).add(y));
    }
    const seen = new Set<number>();
    const waiting = [...(next.get(from) ?? [])].filter((id) => id !== to);
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      if (id === to) return true;
      if (seen.has(id)) continue;
      seen.add(id);
      waiting.push(...(next.get(id) ?? []));
    }
    return false;
  };

  for (const [from, to] of edges) {
    const module = modules.get(from);
    if (!module || module !== modules.get(to)) continue;
    const [a, b] = [find(from), find(to)];
    if (a !== b && !detour(a, b)) leader.set(b, a);
  }

  const groups = new Map<number, GraphNode[]>();
  for (const node of graph.nodes) {
    const id = find(node.id);
    groups.set(id, [...(groups.get(id) ?? []), node]);
  }
  return [...groups.values()];
}

/** Puts a parameter into the module that it is named after: `fc.weight` stands with the ops of `fc`. */
function atHome(node: GraphNode): GraphNode {
  const dot = node.name.lastIndexOf('.');
  return node.op === 'parameter' && !node.module && dot > 0
    ? { ...node, module: node.name.slice(0, dot) }
    : node;
}

/** Returns the layer of each: one below the lowest it comes from; what comes from nothing right above its first use. */
function layerOf(count: number, edges: [number, number][]): number[] {
  const layers = new Array<number>(count).fill(0);
  const above = Array.from({ length: count }, () => [] as number[]);
  const below = Array.from({ length: count }, () => [] as number[]);
  for (const [from, to] of edges) {
    (above[to] as number[]).push(from);
    (below[from] as number[]).push(to);
  }
  const open = above.map((list) => list.length);
  const ready = open.flatMap((many, at) => (many === 0 ? [at] : []));
  for (let next = 0; next < ready.length; next += 1) {
    const at = ready[next] as number;
    for (const to of below[at] as number[]) {
      layers[to] = Math.max(layers[to] as number, (layers[at] as number) + 1);
      open[to] = (open[to] as number) - 1;
      if (open[to] === 0) ready.push(to);
    }
  }
  for (let at = 0; at < count; at += 1) {
    if ((above[at] as number[]).length > 0 || (below[at] as number[]).length === 0) continue;
    layers[at] = Math.min(...(below[at] as number[]).map((to) => layers[to] as number)) - 1;
  }
  return layers;
}

/** Orders each layer so that few edges cross: by the mean place of the neighbours, down and up. */
function order(things: Thing[]): number[][] {
  const rows: number[][] = [];
  things.forEach((thing, at) => {
    while (rows.length <= thing.layer) rows.push([]);
    (rows[thing.layer] as number[]).push(at);
  });
  const places = new Array<number>(things.length).fill(0);
  const number = (row: number[]) => row.forEach((at, place) => (places[at] = place));
  rows.forEach(number);
  let best = rows.map((row) => [...row]);
  let fewest = crossings(things, rows, places);
  for (let round = 0; round < 8 && fewest > 0; round += 1) {
    const down = round % 2 === 0;
    for (const row of down ? rows : [...rows].reverse()) {
      const wish = new Map(
        row.map((at) => {
          const thing = things[at] as Thing;
          const near = down ? thing.above : thing.below;
          const mean = near.reduce((sum, other) => sum + (places[other] as number), 0) / near.length;
          return [at, near.length ? mean : (places[at] as number)];
        }),
      );
      row.sort((a, b) => (wish.get(a) as number) - (wish.get(b) as number));
      number(row);
    }
    const many = crossings(things, rows, places);
    if (many < fewest) {
      fewest = many;
      best = rows.map((row) => [...row]);
    }
  }
  return best;
}

function crossings(things: Thing[], rows: number[][], places: number[]): number {
  let many = 0;
  for (const row of rows) {
    const ends = row.flatMap((at) =>
      (things[at] as Thing).below.map((to): [number, number] => [places[at] as number, places[to] as number]),
    );
    for (let i = 0; i < ends.length; i += 1) {
      for (let j = i + 1; j < ends.length; j += 1) {
        const [a, b] = [ends[i] as [number, number], ends[j] as [number, number]];
        if ((a[0] - b[0]) * (a[1] - b[1]) < 0) many += 1;
      }
    }
  }
  return many;
}

/** Moves everything near its neighbours, without changing the order within a layer or letting anything overlap. */
function place(things: Thing[], rows: number[][], gap: number): void {
  const settle = (row: number[], wish: (thing: Thing) => number) => {
    let offset = 0;
    const offsets = row.map((at, index) => {
      if (index > 0) {
        const before = things[row[index - 1] as number] as Thing;
        offset += before.width / 2 + gap + (things[at] as Thing).width / 2;
      }
      return offset;
    });
    const wishes = row.map((at, index) => wish(things[at] as Thing) - (offsets[index] as number));
    isotonic(wishes).forEach((x, index) => {
      (things[row[index] as number] as Thing).x = x + (offsets[index] as number);
    });
  };
  const mean = (near: number[], otherwise: number) =>
    near.length ? near.reduce((sum, at) => sum + (things[at] as Thing).x, 0) / near.length : otherwise;
  for (const row of rows) settle(row, () => 0);
  for (let round = 0; round < 6; round += 1) {
    for (const row of rows) settle(row, (thing) => mean(thing.above, thing.x));
    for (const row of [...rows].reverse()) settle(row, (thing) => mean(thing.below, thing.x));
  }
  for (const row of rows) settle(row, (thing) => mean([...thing.above, ...thing.below], thing.x));
}

/** Returns the numbers nearest to these, in the sense of least squares, that never fall. */
export function isotonic(values: number[]): number[] {
  const pools: { sum: number; count: number }[] = [];
  for (const value of values) {
    let pool = { sum: value, count: 1 };
    for (;;) {
      const before = pools[pools.length - 1];
      if (!before || before.sum / before.count <= pool.sum / pool.count) break;
      pools.pop();
      pool = { sum: pool.sum + before.sum, count: pool.count + before.count };
    }
    pools.push(pool);
  }
  return pools.flatMap((pool) => new Array<number>(pool.count).fill(pool.sum / pool.count));
}

/** Returns an edge as a smooth line in SVG's path language. */
export function curve(points: [number, number][]): string {
  const [first, ...others] = points;
  if (!first) return '';
  let path = `M${round(first[0])} ${round(first[1])}`;
  let [x, y] = first;
  for (const [toX, toY] of others) {
    const middle = (y + toY) / 2;
    path +=
      x === toX
        ? `V${round(toY)}`
        : `C${round(x)} ${round(middle)} ${round(toX)} ${round(middle)} ${round(toX)} ${round(toY)}`;
    [x, y] = [toX, toY];
  }
  return path;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
