/** Makes what scrolls within itself reachable by keyboard, but only while it does scroll. */

import type { Attachment } from 'svelte/attachments';

export const scrollable: Attachment<HTMLElement> = (element) => watch(element);

/** Watches an element; returns what stops it. */
export function watch(element: HTMLElement | MathMLElement): () => void {
  const look = () => {
    if (element.scrollWidth > element.clientWidth + 1) element.setAttribute('tabindex', '0');
    else element.removeAttribute('tabindex');
  };
  const observer = new ResizeObserver(look);
  observer.observe(element);
  look();
  return () => observer.disconnect();
}
