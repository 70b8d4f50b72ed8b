/** Light or dark: what the system asks for, or what the reader chose. */

export type Theme = 'system' | 'light' | 'dark';

const STORED = 'lyceum.theme';

function initial(): Theme {
  if (typeof document === 'undefined') return 'system';
  const chosen = document.documentElement.dataset.theme;
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system';
}

let chosen = $state<Theme>(initial());
const media = typeof matchMedia === 'undefined' ? undefined : matchMedia('(prefers-color-scheme: dark)');
let system = $state(media?.matches ? 'dark' : 'light');
media?.addEventListener('change', () => {
  system = media.matches ? 'dark' : 'light';
});

export const theme = {
  /** What the reader chose. */
  get chosen(): Theme {
    return chosen;
  },
  /** What is shown; for what is drawn by script, such as a canvas. */
  get shown(): 'light' | 'dark' {
    return chosen === 'system' ? (system as 'light' | 'dark') : chosen;
  },
  set(next: Theme): void {
    chosen = next;
    if (next === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    try {
      if (next === 'system') localStorage.removeItem(STORED);
      else localStorage.setItem(STORED, next);
    } catch {
      // Storage may be forbidden; the choice then lasts as long as the page.
    }
  },
};
