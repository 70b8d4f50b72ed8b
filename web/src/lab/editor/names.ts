/**
 * Which library name a piece of a program means: `nn.Linear` after `import torch.nn as nn` is `torch.nn.Linear`.
 *
 * Reads the import lines only. What a name is after an assignment nobody knows before running, so a member of anything
 * else is taken for a tensor's, which it nearly always is in these programs.
 */

/** A name of the library, as the server lists it. */
export interface LibraryName {
  /** Dotted, such as `torch.nn.Linear` or `torch.Tensor.view`. */
  name: string;
  kind: string;
  signature: string | null;
  doc: string | null;
}

export interface Suggestion {
  label: string;
  entry: LibraryName;
  /** From 0 up; what is more probable stands higher. */
  rank: number;
}

const TENSOR = 'torch.Tensor';

export class Names {
  private readonly byName = new Map<string, LibraryName>();
  private readonly members = new Map<string, LibraryName[]>();

  constructor(entries: LibraryName[]) {
    for (const entry of entries) {
      this.byName.set(entry.name, entry);
      const owner = entry.name.slice(0, Math.max(0, entry.name.lastIndexOf('.')));
      const list = this.members.get(owner) ?? [];
      list.push(entry);
      this.members.set(owner, list);
    }
    // A package that has members but no line of its own can be typed as well.
    for (const owner of [...this.members.keys()]) {
      for (let name = owner; name.includes('.') && !this.byName.has(name); name = ownerOf(name)) {
        const entry: LibraryName = { name, kind: 'module', signature: null, doc: null };
        this.byName.set(name, entry);
        const list = this.members.get(ownerOf(name)) ?? [];
        list.push(entry);
        this.members.set(ownerOf(name), list);
      }
    }
  }

  /** Returns what may follow `path.` in a program. */
  after(path: string, program: string): Suggestion[] {
    const full = this.resolve(path, program);
    const known = full === null ? undefined : this.members.get(full);
    if (known) return suggestions(known, 1);
    if (full !== null && this.byName.has(full)) return [];
    return suggestions(this.members.get(TENSOR) ?? [], 0);
  }

  /** Returns what may be imported from a module. */
  importable(module: string): Suggestion[] {
    return suggestions(this.members.get(module) ?? [], 1);
  }

  /** Returns the modules whose name begins so. */
  modules(prefix: string): string[] {
    return [...this.members.keys()]
      .filter((name) => name && name !== TENSOR && name.startsWith(prefix))
      .sort();
  }

  /** Returns the names that a program has imported. */
  imported(program: string): Suggestion[] {
    return [...aliases(program)].flatMap(([label, full]) => {
      const entry = this.byName.get(full);
      return entry ? [{ label, entry, rank: 1 }] : [];
    });
  }

  /** Returns the entry that a dotted piece of a program stands for; a last part that only a tensor has counts too. */
  lookUp(path: string, program: string): LibraryName | null {
    const full = this.resolve(path, program);
    if (full !== null) {
      const found = this.byName.get(full);
      if (found) return found;
    }
    if (full !== null && this.members.has(ownerOf(full))) return null;
    return path.includes('.') ? (this.byName.get(`${TENSOR}.${lastOf(path)}`) ?? null) : null;
  }

  private resolve(path: string, program: string): string | null {
    const [first, ...rest] = path.split('.');
    const full = aliases(program).get(first ?? '');
    return full === undefined ? null : [full, ...rest].join('.');
  }
}

/** Returns what each name is that the import lines of a program make. */
export function aliases(program: string): Map<string, string> {
  const found = new Map<string, string>();
  const text = program.replace(/\\\r?\n/g, ' ').replace(/#.*$/gm, '');
  for (const match of text.matchAll(/^[ \t]*import[ \t]+([^\n;]+)/gm)) {
    for (const part of (match[1] ?? '').split(',')) {
      const [, name, as] = /^\s*([\w.]+)(?:\s+as\s+(\w+))?\s*$/.exec(part) ?? [];
      if (!name) continue;
      if (as) found.set(as, name);
      else found.set(name.split('.')[0] as string, name.split('.')[0] as string);
    }
  }
  for (const match of text.matchAll(/^[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]*(\([^)]*\)|[^\n;]+)/gm)) {
    for (const part of (match[2] ?? '').replace(/[()]/g, '').split(',')) {
      const [, name, as] = /^\s*(\w+)(?:\s+as\s+(\w+))?\s*$/.exec(part) ?? [];
      if (name) found.set(as ?? name, `${match[1]}.${name}`);
    }
  }
  return found;
}

function suggestions(entries: LibraryName[], rank: number): Suggestion[] {
  return entries.map((entry) => ({
    label: lastOf(entry.name),
    entry,
    rank: lastOf(entry.name).startsWith('_') ? -1 : rank,
  }));
}

function ownerOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('.')));
}

function lastOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
