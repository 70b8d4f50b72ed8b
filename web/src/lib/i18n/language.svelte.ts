/**
 * The language of the page, and how texts are looked up.
 *
 * Two kinds of text exist: the page's own, in dictionaries that have the same keys in both languages, and the
 * server's, which come as `{ zh, en }`. Both follow the same state, so that a switch changes everything at once.
 */

export type Language = 'zh' | 'en';

/** A text of the server in both languages. */
export interface Text {
  zh: string;
  en: string;
}

const STORED = 'lyceum.language';

/** What stands in `lang` attributes. */
export const tag = { zh: 'zh-CN', en: 'en' } as const satisfies Record<Language, string>;

function initial(): Language {
  if (typeof document === 'undefined') return 'zh';
  // first-paint.js has decided.
  return document.documentElement.lang.startsWith('zh') ? 'zh' : 'en';
}

let current = $state<Language>(initial());

export const language = {
  get current(): Language {
    return current;
  },
  get tag(): string {
    return tag[current];
  },
  get other(): Language {
    return current === 'zh' ? 'en' : 'zh';
  },
  set(next: Language): void {
    current = next;
    try {
      localStorage.setItem(STORED, next);
    } catch {
      // Storage may be forbidden; the choice then lasts as long as the page.
    }
  },
};

/** Returns a text of the server in the page's language. */
export function say(text: Text): string {
  return text[current];
}

type Entry = string | ((...values: never[]) => string);
type Entries = { readonly [key: string]: Entry | Entries };

/** The form of a dictionary: what the English one has to have when the Chinese one is given. */
export type Like<D> = {
  readonly [K in keyof D]: D[K] extends string
    ? string
    : D[K] extends (...values: infer V) => string
      ? (...values: V) => string
      : Like<D[K]>;
};

/** Makes the lookup of a pair of dictionaries: `t().home.title`. */
export function dictionary<D extends Entries>(zh: D, en: Like<D>): () => Like<D> {
  const both = { zh: zh as unknown as Like<D>, en };
  return () => both[current];
}
