/** How many hints of a check were opened. Remembered while the page stands, also over a change of tabs. */

import { SvelteMap } from 'svelte/reactivity';

const counts = new SvelteMap<string, number>();

export function opened(memory: string): number {
  return counts.get(memory) ?? 0;
}

export function open(memory: string): void {
  counts.set(memory, opened(memory) + 1);
}
