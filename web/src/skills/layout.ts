/**
 * Lays a graph of skills out in layers, so that every skill stands to the right of what it builds on.
 *
 * After Sugiyama, Tagawa and Toda (1981): a skill's layer is the length of the longest way to it; a line that passes
 * over layers gets a place in each of them; the order within layers is improved by moving everything to the mean of
 * its neighbours while crossings get fewer; then heights are chosen so that lines are as straight as the order allows.
 * Pure, and the same graph always gives the same picture.
 */

export interface Skill {
  id: string;
  requires: readonly string[];
}

export interface Spacing {
  /** From the left side of one layer to that of the next. */
  layer: number;
  /** From the top of one skill to that of the one below. */
  row: number;
  /** The size of a skill. */
  width: number;
  height: number;
}

export interface Placed {
  id: string;
  layer: number;
  /** Its place in the layer among skills, from the top. */
  order: number;
  x: number;
  y: number;
}

export interface Line {
  from: string;
  to: string;
  /** An SVG path. */
  path: string;
}

export interface Layout {
  width: number;
  height: number;
  skills: Placed[];
  lines: Line[];
}

/** A place in a layer: a skill, or where a line passes through. */
interface Node {
  id: string;
  skill: boolean;
  layer: number;
  before: Node[];
  after: Node[];
  at: number;
  y: number;
}

const SWEEPS = 12;
/** How much of a row a passing line takes up. */
const PASSING = 0.45;

export function layout(skills: readonly Skill[], spacing: Spacing): Layout {
  const nodes = layered(skills);
  const chains = connect(skills, nodes);
  const layers = order(columns([...nodes.values(), ...chains.flatMap((chain) => chain.slice(1, -1))]));
  place(layers);
  return draw(layers, chains, spacing);
}

/** Gives every skill its layer; what stands in a circle is put where it is met. */
function layered(skills: readonly Skill[]): Map<string, Node> {
  const known = new Map(skills.map((skill) => [skill.id, skill]));
  const layers = new Map<string, number>();
  const visiting = new Set<string>();
  const layerOf = (id: string): number => {
    const found = layers.get(id);
    if (found !== undefined) return found;
    if (visiting.has(id)) return -1;
    visiting.add(id);
    const below = (known.get(id)?.requires ?? []).filter((other) => known.has(other)).map(layerOf);
    visiting.delete(id);
    const layer = Math.max(-1, ...below) + 1;
    layers.set(id, layer);
    return layer;
  };
  return new Map(skills.map(({ id }) => [id, node(id, true, layerOf(id))]));
}

function node(id: string, skill: boolean, layer: number): Node {
  return { id, skill, layer, before: [], after: [], at: 0, y: 0 };
}

/** Makes the chain of nodes of every line, from a skill to one that builds on it. */
function connect(skills: readonly Skill[], nodes: Map<string, Node>): Node[][] {
  const chains: Node[][] = [];
  for (const { id, requires } of skills) {
    const to = nodes.get(id);
    for (const required of new Set(requires)) {
      const from = nodes.get(required);
      if (!to || !from || from.layer >= to.layer) continue;
      const chain = [from];
      for (let layer = from.layer + 1; layer < to.layer; layer += 1) {
        chain.push(node(`${required}→${id}@${layer}`, false, layer));
      }
      chain.push(to);
      for (const [at, link] of chain.entries()) {
        const next = chain[at + 1];
        if (!next) break;
        link.after.push(next);
        next.before.push(link);
      }
      chains.push(chain);
    }
  }
  return chains;
}

function columns(nodes: Node[]): Node[][] {
  const layers: Node[][] = [];
  for (const node of nodes) (layers[node.layer] ??= []).push(node);
  layers.forEach(number);
  return layers;
}

function number(layer: Node[]): void {
  layer.forEach((node, at) => (node.at = at));
}

/** Returns how many lines cross between a layer and the next. */
function crossingsAfter(layer: Node[]): number {
  const ends = layer.flatMap((node) => node.after.map((after) => after.at).sort((a, b) => a - b));
  let count = 0;
  for (const [at, end] of ends.entries()) {
    for (const later of ends.slice(at + 1)) if (later < end) count += 1;
  }
  return count;
}

/** Counts the crossings of all lines. */
function crossings(layers: Node[][]): number {
  return layers.reduce((sum, layer) => sum + crossingsAfter(layer), 0);
}

/** Orders the layers so that few lines cross. */
function order(layers: Node[][]): Node[][] {
  let best = layers.map((layer) => [...layer]);
  let fewest = crossings(layers);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep += 1) {
    const forward = sweep % 2 === 0;
    const moving = forward ? layers : [...layers].reverse();
    for (const layer of moving) {
      const middle = new Map(
        layer.map((node) => {
          const near = forward ? node.before : node.after;
          return [node, near.length > 0 ? mean(near.map(({ at }) => at)) : node.at];
        }),
      );
      layer.sort((a, b) => (middle.get(a) ?? 0) - (middle.get(b) ?? 0) || a.at - b.at);
      number(layer);
    }
    swapNeighbours(layers);
    const count = crossings(layers);
    if (count < fewest) {
      fewest = count;
      best = layers.map((layer) => [...layer]);
    }
  }
  best.forEach(number);
  return best;
}

/** Swaps what stands side by side wherever that takes a crossing away. */
function swapNeighbours(layers: Node[][]): void {
  for (const [which, layer] of layers.entries()) {
    const around = () => crossingsAfter(layers[which - 1] ?? []) + crossingsAfter(layer);
    for (let at = 0; at + 1 < layer.length; at += 1) {
      const before = around();
      swap(layer, at);
      if (around() >= before) swap(layer, at);
    }
  }
}

function swap(layer: Node[], at: number): void {
  const [a, b] = [layer[at], layer[at + 1]];
  if (!a || !b) return;
  layer[at] = b;
  layer[at + 1] = a;
  [a.at, b.at] = [b.at, a.at];
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The least distance between two that stand one above the other, in rows. */
function apart(a: Node, b: Node): number {
  return (a.skill ? 0.5 : PASSING / 2) + (b.skill ? 0.5 : PASSING / 2);
}

/** Chooses the nodes' heights in rows. */
function place(layers: Node[][]): void {
  for (const layer of layers) {
    layer.forEach((node, at) => {
      const above = layer[at - 1];
      node.y = above ? above.y + apart(above, node) : 0;
    });
    const middle = ((layer.at(-1)?.y ?? 0) + (layer[0]?.y ?? 0)) / 2;
    for (const node of layer) node.y -= middle;
  }
  for (let sweep = 0; sweep < SWEEPS * 2; sweep += 1) {
    for (const layer of sweep % 2 === 0 ? layers : [...layers].reverse()) settle(layer);
  }
}

/** Moves a layer's nodes towards the mean of their neighbours, and keeps order and distances. */
function settle(layer: Node[]): void {
  const wished = layer.map((node) => {
    const near = [...node.before, ...node.after];
    return near.length > 0 ? mean(near.map(({ y }) => y)) : node.y;
  });
  // Nodes that would come too close form a block, which stands at the mean of what its members wish.
  interface Block {
    members: number;
    sum: number;
    first: number;
  }
  const offsets = [0];
  for (const [at, node] of layer.entries()) {
    const next = layer[at + 1];
    if (next) offsets.push((offsets[at] ?? 0) + apart(node, next));
  }
  const blocks: Block[] = [];
  for (const [at, wish] of wished.entries()) {
    blocks.push({ members: 1, sum: wish - (offsets[at] ?? 0), first: at });
    for (;;) {
      const [above, below] = blocks.slice(-2);
      if (!above || !below || above.sum / above.members <= below.sum / below.members) break;
      above.members += below.members;
      above.sum += below.sum;
      blocks.pop();
    }
  }
  for (const block of blocks) {
    for (let at = block.first; at < block.first + block.members; at += 1) {
      const node = layer[at];
      if (node) node.y = block.sum / block.members + (offsets[at] ?? 0);
    }
  }
}

function draw(layers: Node[][], chains: Node[][], spacing: Spacing): Layout {
  const all = layers.flat();
  const top = Math.min(0, ...all.map(({ y }) => y));
  const bottom = Math.max(0, ...all.map(({ y }) => y));
  const x = (node: Node) => node.layer * spacing.layer;
  const middle = (node: Node) => (node.y - top) * spacing.row + spacing.height / 2;
  const skills = layers.flatMap((layer) =>
    layer
      .filter((node) => node.skill)
      .map((node, order) => ({
        id: node.id,
        layer: node.layer,
        order,
        x: x(node),
        y: round(middle(node) - spacing.height / 2),
      })),
  );
  const lines = chains.map((chain) => ({
    from: chain[0]?.id ?? '',
    to: chain.at(-1)?.id ?? '',
    path: path(chain.map((node) => ({ left: x(node), right: x(node) + spacing.width, y: round(middle(node)) }))),
  }));
  return {
    width: Math.max(0, layers.length - 1) * spacing.layer + (layers.length > 0 ? spacing.width : 0),
    height: all.length > 0 ? round((bottom - top) * spacing.row + spacing.height) : 0,
    skills,
    lines,
  };
}

/** Draws a line from the right side of a skill to the left side of another, level where it passes between skills. */
function path(points: { left: number; right: number; y: number }[]): string {
  const [first] = points;
  if (!first) return '';
  let drawn = `M${first.right} ${first.y}`;
  for (const [at, point] of points.entries()) {
    const next = points[at + 1];
    if (!next) break;
    const half = (point.right + next.left) / 2;
    drawn += `C${half} ${point.y} ${half} ${next.y} ${next.left} ${next.y}`;
    if (at + 2 < points.length) drawn += `H${next.right}`;
  }
  return drawn;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
