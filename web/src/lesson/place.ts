/**
 * Keeps a reader's place while a lesson changes its language: what was at the top of the window stays there. Both
 * languages have the same sections, so a section is the measure.
 */

interface Place {
  id: string;
  /** How much of the section was above the top, as a share of its height. */
  share: number;
}

/** Returns where the top of the window stands, or null above the first section. */
export function here(sections: Iterable<HTMLElement>, top: number): Place | null {
  let found: Place | null = null;
  for (const section of sections) {
    const box = section.getBoundingClientRect();
    if (box.top > top) break;
    found = { id: section.id, share: (top - box.top) / Math.max(1, box.height) };
  }
  return found;
}

/** Returns how far to scroll so that a place stands at the top again. */
export function distance(sections: Iterable<HTMLElement>, place: Place, top: number): number {
  for (const section of sections) {
    if (section.id !== place.id) continue;
    const box = section.getBoundingClientRect();
    return box.top + place.share * box.height - top;
  }
  return 0;
}
