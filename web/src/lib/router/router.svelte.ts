/**
 * Where the page is. Listens to the address, to links and to the history; knows nothing of what the pages are.
 *
 * A plain `<a href>` is enough to get anywhere. `go` is for what happens after something, such as logging in.
 */

import { untrack } from 'svelte';

interface Place {
  path: string;
  search: string;
  hash: string;
}

function here(): Place {
  return { path: location.pathname, search: location.search, hash: location.hash };
}

let place = $state<Place>(here());
/** Counts entries, so that each has a place to remember how far it was scrolled. */
let entry = 0;
const scrolled = new Map<number, number>();
let restore: number | null = null;

export const router = {
  get path(): string {
    return place.path;
  },
  get search(): URLSearchParams {
    return new URLSearchParams(place.search);
  },
  get hash(): string {
    return place.hash;
  },
  /** Goes to an address of this page. */
  go(to: string, how: { replace?: boolean } = {}): void {
    const url = new URL(to, location.href);
    // Going somewhere is no reason for whoever goes to be asked again.
    const samePage = untrack(() => url.pathname === place.path && url.search === place.search);
    remember();
    if (how.replace) {
      history.replaceState({ entry }, '', url);
    } else {
      entry += 1;
      history.pushState({ entry }, '', url);
    }
    restore = null;
    place = here();
    if (samePage) router.settle();
  },
  /** Scrolls to where the page was left, to what the address names, or to the top. To be called when a page stands. */
  settle(): void {
    const [top, hash] = [restore, untrack(() => place.hash)];
    restore = null;
    if (top !== null) aim(() => reach(top));
    else if (hash.length > 1) aim(() => showHash(hash));
    else scrollTo({ top: 0, behavior: 'instant' });
  },
};

/** How long a page may take to bring what is aimed at. */
const PATIENCE = 5000;
let giveUp = () => {};

/** Tries until it works: what a page shows may have to be asked from the server first. Whoever moves meanwhile wins. */
function aim(attempt: () => boolean): void {
  giveUp();
  if (attempt()) return;
  const observer = new MutationObserver(() => {
    if (attempt()) giveUp();
  });
  const timer = setTimeout(() => giveUp(), PATIENCE);
  const moves = ['wheel', 'touchmove', 'keydown', 'pointerdown'] as const;
  giveUp = () => {
    observer.disconnect();
    clearTimeout(timer);
    for (const move of moves) removeEventListener(move, giveUp);
    giveUp = () => {};
  };
  for (const move of moves) addEventListener(move, giveUp, { passive: true });
  observer.observe(document.body, { childList: true, subtree: true });
}

function reach(top: number): boolean {
  scrollTo({ top, behavior: 'instant' });
  return Math.abs(scrollY - top) < 2;
}

function remember(): void {
  scrolled.set(entry, scrollY);
}

/** Scrolls to the element with this name and moves the focus there. */
function showHash(hash: string): boolean {
  const target = hash.length > 1 ? document.getElementById(decodeURIComponent(hash.slice(1))) : null;
  if (!target) return false;
  target.scrollIntoView();
  if (!target.hasAttribute('tabindex')) target.tabIndex = -1;
  target.focus({ preventScroll: true });
  return true;
}

/** Says whether a click on a link is ours to follow. */
function followed(event: MouseEvent): HTMLAnchorElement | null {
  if (event.defaultPrevented || event.button !== 0) return null;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!link?.href || link.target || link.hasAttribute('download')) return null;
  if (link.origin !== location.origin || link.pathname.startsWith('/api/')) return null;
  return link;
}

/** Starts listening; returns what stops it. */
export function listen(): () => void {
  history.scrollRestoration = 'manual';
  history.replaceState({ entry }, '');
  const click = (event: MouseEvent) => {
    const link = followed(event);
    if (!link) return;
    event.preventDefault();
    router.go(link.href, { replace: link.href === location.href });
  };
  const popped = (event: PopStateEvent) => {
    remember();
    const before = place;
    entry = (event.state as { entry?: number } | null)?.entry ?? 0;
    restore = scrolled.get(entry) ?? 0;
    place = here();
    if (before.path === place.path && before.search === place.search) router.settle();
  };
  document.addEventListener('click', click);
  addEventListener('popstate', popped);
  return () => {
    document.removeEventListener('click', click);
    removeEventListener('popstate', popped);
  };
}
