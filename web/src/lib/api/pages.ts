/** Asks for page after page, each after the last of the one before, until one brings nothing new. */
export async function pages<T>(ask: (after: string | null) => Promise<T[]>, idOf: (item: T) => string): Promise<T[]> {
  const all: T[] = [];
  const known = new Set<string>();
  for (let after: string | null = null; ; ) {
    const fresh = (await ask(after)).filter((item) => !known.has(idOf(item)));
    const last = fresh.at(-1);
    if (last === undefined) return all;
    all.push(...fresh);
    fresh.forEach((item) => known.add(idOf(item)));
    after = idOf(last);
  }
}
