import { describe, expect, it } from 'vitest';
import { aliases, Names, type LibraryName } from './names';

const entry = (name: string, kind = 'function'): LibraryName => ({ name, kind, signature: null, doc: null });
const names = new Names(
  [
    'torch.tensor',
    'torch.Tensor.view',
    'torch.Tensor._version',
    'torch.nn.Linear',
    'torch.nn.functional.relu',
    'torch.optim.SGD',
    'lyceum.data.load',
  ].map((name) => entry(name)),
);
const labels = (list: { label: string }[]) => list.map((suggestion) => suggestion.label).sort();
const program = 'import torch\nimport torch.nn as nn\nfrom torch.nn import functional as F\n';

describe('what import lines make', () => {
  it('is found in every form of them', () => {
    const found = aliases(
      'import torch, math\nimport torch.nn as nn  # layers\nimport torch.optim\nfrom lyceum.data import (\n  load,\n  sets as s,\n)\nfrom torch import nn as layers; x = 1\n',
    );
    expect(Object.fromEntries(found)).toEqual({
      torch: 'torch',
      math: 'math',
      nn: 'torch.nn',
      load: 'lyceum.data.load',
      s: 'lyceum.data.sets',
      layers: 'torch.nn',
    });
  });
});

describe('what is suggested', () => {
  it('after a module is what it has, modules within it too', () => {
    expect(labels(names.after('torch', program))).toEqual(['Tensor', 'nn', 'optim', 'tensor']);
    expect(labels(names.after('nn', program))).toEqual(['Linear', 'functional']);
    expect(labels(names.after('F', program))).toEqual(['relu']);
    expect(labels(names.after('torch.nn.functional', program))).toEqual(['relu']);
  });

  it('after anything else is what a tensor has', () => {
    expect(labels(names.after('x', program))).toEqual(['_version', 'view']);
    expect(labels(names.after('self.weight', program))).toEqual(['_version', 'view']);
  });

  it('after a function is nothing', () => {
    expect(names.after('torch.tensor', program)).toEqual([]);
  });

  it('of names without an import is nothing of the library', () => {
    expect(labels(names.imported(program))).toEqual(['F', 'nn']);
    expect(names.modules('torch.n')).toEqual(['torch.nn', 'torch.nn.functional']);
  });
});

describe('looking up', () => {
  it('finds a name under its alias', () => {
    expect(names.lookUp('nn.Linear', program)?.name).toBe('torch.nn.Linear');
    expect(names.lookUp('x.view', program)?.name).toBe('torch.Tensor.view');
    expect(names.lookUp('nn.view', program)).toBeNull();
    expect(names.lookUp('view', program)).toBeNull();
  });
});
