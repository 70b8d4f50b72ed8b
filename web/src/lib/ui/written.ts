/** Puts the server's HTML into an element, and makes what is wider than the text scroll by itself. */

import { watch } from './scrollable';
import { withoutStyles } from './styles';

/** Writes into an element; returns what is to be done when it goes or is written anew. */
export function write(element: HTMLElement, html: string): () => void {
  element.innerHTML = withoutStyles(html);
  const stops: (() => void)[] = [];
  for (const styled of element.querySelectorAll<HTMLElement>('[data-style]')) {
    styled.style.cssText = styled.dataset.style ?? '';
  }
  for (const table of element.querySelectorAll('table')) frame(table, 'div', 'scroll');
  for (const formula of element.querySelectorAll('math[display="block"]')) {
    formula.parentElement?.classList.add('formula');
  }
  for (const wide of element.querySelectorAll<HTMLElement>('pre, .scroll, .formula')) stops.push(watch(wide));
  // A formula in a line cannot be broken.
  const observer = new ResizeObserver(() => {
    for (const formula of element.querySelectorAll('math[display="inline"]')) {
      const parent = formula.parentElement;
      if (!parent || parent.closest('.scroll, .formula')) continue;
      const room = parent.clientWidth || element.clientWidth;
      if (room > 0 && formula.getBoundingClientRect().width > room) {
        stops.push(watch(frame(formula, 'span', 'formula in-line')));
      }
    }
  });
  observer.observe(element);
  return () => {
    observer.disconnect();
    stops.forEach((stop) => stop());
  };
}

function frame(around: Element, tag: 'div' | 'span', name: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = name;
  around.replaceWith(made);
  made.append(around);
  return made;
}
