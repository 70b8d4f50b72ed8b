import { expect, test } from 'vitest';

// Every folder `i18n` of the page, so that a part that brings its own words is held to the same.
const modules = import.meta.glob<Record<string, unknown>>('/src/**/i18n/{zh,en}.ts', { eager: true });
const folders = [...new Set(Object.keys(modules).map((path) => path.slice(0, path.lastIndexOf('/'))))];

/** Returns every key with its kind, and the words under it. */
function entries(value: unknown, path = ''): [path: string, kind: string, text: string][] {
  if (typeof value === 'string') return [[path, 'text', value]];
  if (typeof value === 'function') return [[path, `function of ${value.length}`, String(value)]];
  return Object.entries(value as object).flatMap(([key, inner]) => entries(inner, `${path}.${key}`));
}

test.for(folders)('%s has the same keys in both languages', (folder) => {
  const zh = entries(modules[`${folder}/zh.ts`]?.zh);
  const en = entries(modules[`${folder}/en.ts`]?.en);
  expect(en.map(([path, kind]) => `${path}: ${kind}`).sort()).toEqual(
    zh.map(([path, kind]) => `${path}: ${kind}`).sort(),
  );
});

test.for(folders)('%s is in the language that it says', (folder) => {
  const han = /\p{Script=Han}/u;
  const english = entries(modules[`${folder}/en.ts`]?.en).filter(([path]) => !path.startsWith('.language.'));
  expect(english.filter(([, , text]) => han.test(text))).toEqual([]);
  for (const [path, , text] of entries(modules[`${folder}/zh.ts`]?.zh)) {
    expect(text, `${path} is empty`).not.toBe('');
  }
});
