"""Data sets, samplers, collation and loaders, and the order of shuffled batches."""

from torch.utils.data import BatchSampler, ConcatDataset, DataLoader, Dataset, IterableDataset, RandomSampler, SequentialSampler, Subset, SubsetRandomSampler, TensorDataset, WeightedRandomSampler, random_split


class Squares(Dataset):
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        if i >= self.n:
            raise IndexError("no item " + str(i))
        return torch.tensor([float(i)]), i * i

# --- tensor_dataset
d = TensorDataset(torch.arange(6).view(3, 2), torch.tensor([0, 1, 2]))
show(len(d), d[0], d[-1], d[1:3], d.tensors[1])
fails(lambda: TensorDataset(torch.zeros(2), torch.zeros(3)))
fails(lambda: d[5])

# --- custom_dataset
d = Squares(4)
show(len(d), d[2], [y for _, y in d])

# --- loader_in_order
for x, y in DataLoader(Squares(5), batch_size=2):
    show(x, y)

# --- loader_defaults
batches = list(DataLoader(Squares(2)))
show(len(batches), batches)

# --- loader_drop_last
loader = DataLoader(Squares(5), batch_size=2, drop_last=True)
show(len(loader), [y.tolist() for _, y in loader], len(DataLoader(Squares(5), batch_size=2)))

# --- loader_shuffle
d = TensorDataset(torch.arange(10))
loader = DataLoader(d, batch_size=4, shuffle=True)
for epoch in range(3):
    show([x.tolist() for (x,) in loader])

# --- loader_shuffle_small_and_large
show([x.item() for (x,) in DataLoader(TensorDataset(torch.arange(3)), shuffle=True)], torch.cat([x for (x,) in DataLoader(TensorDataset(torch.arange(100)), batch_size=32, shuffle=True)]))

# --- loader_shuffle_and_seeds
d = TensorDataset(torch.arange(8))
torch.manual_seed(42)
a = [x.tolist() for (x,) in DataLoader(d, batch_size=3, shuffle=True)]
torch.manual_seed(42)
b = [x.tolist() for (x,) in DataLoader(d, batch_size=3, shuffle=True)]
show(a, a == b, torch.rand(2))

# --- loader_draws_from_the_default_generator
d = TensorDataset(torch.arange(4))
list(DataLoader(d, batch_size=2))
show(torch.rand(1))
list(DataLoader(d, batch_size=2, shuffle=True))
show(torch.rand(1))
iter(DataLoader(d, batch_size=2, shuffle=True))
show(torch.rand(1))

# --- loader_with_generator
d = TensorDataset(torch.arange(8))
loader = DataLoader(d, batch_size=8, shuffle=True, generator=torch.Generator().manual_seed(7))
show([x.tolist() for (x,) in loader], [x.tolist() for (x,) in loader], torch.rand(1))

# --- loader_workers_accepted
show([y.tolist() for _, y in DataLoader(Squares(3), batch_size=2, num_workers=0, pin_memory=False)])

# --- loader_next_iter
loader = DataLoader(Squares(4), batch_size=2)
x, y = next(iter(loader))
it = iter(loader)
next(it)
next(it)
show(x, y)
fails(lambda: next(it))

# --- loader_attributes
loader = DataLoader(Squares(5), batch_size=2, shuffle=True)
show(loader.batch_size, len(loader.dataset), loader.drop_last, type(loader.sampler).__name__, type(DataLoader(Squares(2)).sampler).__name__, type(loader.batch_sampler).__name__)

# --- loader_without_batching
show(list(DataLoader(Squares(3), batch_size=None)))

# --- loader_over_a_list
show(list(DataLoader([1, 2, 3, 4, 5], batch_size=2)), list(DataLoader([[1.5, 2], [3.5, 4]], batch_size=2)), list(DataLoader(torch.arange(4), batch_size=3)), list(DataLoader(["a", "b"], batch_size=2)))

# --- loader_errors
fails(lambda: DataLoader(Squares(3), batch_size=0))
fails(lambda: DataLoader(Squares(3), shuffle=True, sampler=SequentialSampler(Squares(3))))
fails(lambda: DataLoader(Squares(3), num_workers=-1))
fails(lambda: DataLoader(Squares(3), batch_size=2, batch_sampler=BatchSampler(SequentialSampler(Squares(3)), 2, False)))
fails(lambda: list(DataLoader([torch.zeros(2), torch.zeros(3)], batch_size=2)))
fails(lambda: list(DataLoader(Squares(3), colour="red")))

# --- collate_default
from torch.utils.data import default_collate

show(default_collate([1, 2]), default_collate([1.5, 2.5]), default_collate([torch.tensor([1]), torch.tensor([2])]), default_collate([(1, "a"), (2, "b")]), default_collate([{"x": 1, "y": torch.tensor(0.5)}, {"x": 2, "y": torch.tensor(1.5)}]), default_collate(["a", "b"]), default_collate([[1, 2], [3, 4]]), default_collate([True, False]))

# --- collate_custom
def collate(batch):
    xs = [x for x, _ in batch]
    return torch.cat(xs), max(y for _, y in batch)


show(list(DataLoader(Squares(4), batch_size=3, collate_fn=collate)))

# --- collate_padding_idiom
from torch.nn.utils.rnn import pad_sequence

words = [torch.tensor([1, 2, 3]), torch.tensor([4]), torch.tensor([5, 6])]
loader = DataLoader(words, batch_size=2, collate_fn=lambda b: (pad_sequence(b, batch_first=True), torch.tensor([len(w) for w in b])))
show(list(loader))

# --- subset
s = Subset(Squares(10), [3, 1, 7])
show(len(s), s[0], [y for _, y in s], s.indices)

# --- concat
c = ConcatDataset([Squares(2), Squares(3)])
show(len(c), c[1], c[2], c[-1], len(Squares(2) + Squares(1)), c.cumulative_sizes)

# --- split_by_counts
a, b = random_split(TensorDataset(torch.arange(10)), [7, 3])
show(len(a), len(b), a.indices, b.indices, a[0], type(a).__name__)

# --- split_by_fractions
parts = random_split(range(10), [0.5, 0.3, 0.2])
show([list(p) for p in parts], [len(p) for p in random_split(range(11), [0.5, 0.5])])

# --- split_with_generator
a, b = random_split(range(10), [3, 7], generator=torch.Generator().manual_seed(42))
show(list(a), list(b))
fails(lambda: random_split(range(10), [3, 3]))

# --- samplers
d = Squares(6)
show(list(SequentialSampler(d)), list(RandomSampler(d)), list(RandomSampler(d, replacement=True, num_samples=8)), list(RandomSampler(d, num_samples=4)), list(RandomSampler(d, num_samples=9)), list(SubsetRandomSampler([5, 3, 1])), len(RandomSampler(d)))

# --- batch_samplers
show(list(BatchSampler(SequentialSampler(range(5)), batch_size=2, drop_last=False)), list(BatchSampler(SequentialSampler(range(5)), 2, True)), len(BatchSampler(SequentialSampler(range(5)), 2, True)))

# --- weighted_sampler
s = WeightedRandomSampler([0.1, 0.9, 0.4, 0.7], num_samples=8, replacement=True)
show(list(s), len(s), list(WeightedRandomSampler([1.0, 2.0, 3.0], 3, replacement=False)))

# --- loader_with_sampler
d = Squares(6)
show([y.tolist() for _, y in DataLoader(d, batch_size=2, sampler=SubsetRandomSampler([0, 2, 4]))], [y.tolist() for _, y in DataLoader(d, batch_sampler=BatchSampler(SequentialSampler(d), 4, False))])

# --- iterable_dataset
class Stream(IterableDataset):
    def __iter__(self):
        return iter(range(5))


show([b.tolist() for b in DataLoader(Stream(), batch_size=2)])
fails(lambda: DataLoader(Stream(), shuffle=True))

# --- loader_of_dicts
class Dicts(Dataset):
    def __len__(self):
        return 3

    def __getitem__(self, i):
        return {"image": torch.full((1, 2), float(i)), "label": i, "name": "n" + str(i)}


show(list(DataLoader(Dicts(), batch_size=2)))

# --- two_loops_at_once
d = TensorDataset(torch.arange(4))
loader = DataLoader(d, batch_size=2, shuffle=True)
show([(a.tolist(), b.tolist()) for (a,), (b,) in zip(loader, loader)])

# --- batches_by_a_generator_function
def shuffled(size, *columns):
    order = torch.randperm(len(columns[0])).tolist()
    while order:
        chosen = torch.tensor(order[:size])
        order = order[size:]
        yield [column[chosen] for column in columns]


for inputs, targets in shuffled(3, torch.arange(14).view(7, 2), torch.arange(7)):
    show(inputs, targets)

# --- loader_from_a_function
def batches(columns, size, training=True):
    return DataLoader(TensorDataset(*columns), size, shuffle=training)


show(next(iter(batches((data(6, 2), data(6, 1, shift=3)), 4))), len(batches((data(6, 2),), 4, training=False)))

# --- evaluation_loop
@torch.no_grad()
def evaluate(model, loader):
    model.eval()
    loss, right = 0.0, 0
    for inputs, targets in loader:
        scores = model(inputs)
        loss += F.cross_entropy(scores, targets).item()
        right += (scores.argmax(1) == targets).type(torch.float).sum().item()
    return loss / len(loader), right / len(loader.dataset)


show(evaluate(nn.Linear(3, 4), DataLoader(TensorDataset(data(10, 3), torch.arange(10) % 4), batch_size=4)))
