# Sequences of different length: collate_fn with pad_sequence, a weighted sampler, a sampler by length.
import random

import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import BatchSampler, DataLoader, Dataset, Sampler, SequentialSampler, Subset, WeightedRandomSampler, ConcatDataset, IterableDataset

random.seed(0)
torch.manual_seed(0)


class Counts(Dataset):
    """Sequences of symbols; the label says whether zeros or ones are more."""

    def __init__(self, n):
        self.items = []
        for _ in range(n):
            seq = [random.random() < 0.3 for _ in range(random.randint(2, 9))]
            self.items.append((torch.tensor(seq, dtype=torch.long), int(sum(seq) * 2 > len(seq))))

    def __len__(self):
        return len(self.items)

    def __getitem__(self, index):
        return self.items[index]


def collate(batch):
    batch.sort(key=lambda item: len(item[0]), reverse=True)
    sequences, labels = zip(*batch)
    lengths = torch.LongTensor([len(s) for s in sequences])
    return pad_sequence(sequences, batch_first=True, padding_value=2), lengths, torch.as_tensor(labels).float()


class ByLength(Sampler):
    def __init__(self, data, batch_size):
        self.data, self.batch_size = data, batch_size

    def __iter__(self):
        order = sorted(range(len(self.data)), key=lambda i: len(self.data[i][0]))
        chunks = [order[i : i + self.batch_size] for i in range(0, len(order), self.batch_size)]
        random.shuffle(chunks)
        return iter(chunks)

    def __len__(self):
        return (len(self.data) + self.batch_size - 1) // self.batch_size


class Stream(IterableDataset):
    def __init__(self, start, end):
        self.start, self.end = start, end

    def __iter__(self):
        yield from range(self.start, self.end)


data = ConcatDataset([Counts(40), Counts(24)])
labels = torch.tensor([label for _, label in data])
counts = torch.bincount(labels)
weights = (1.0 / counts.float())[labels]
print(counts, len(data), [len(s) for s, _ in Subset(data, [0, 41, 63])])
balanced = DataLoader(data, batch_size=16, collate_fn=collate, sampler=WeightedRandomSampler(weights, len(data), replacement=True))
print([f"{y.mean():.3f}" for _, _, y in balanced])
bucketed = DataLoader(data, batch_sampler=ByLength(data, 16), collate_fn=collate)
print([tuple(x.shape) for x, _, _ in bucketed])
print(list(BatchSampler(SequentialSampler(range(7)), batch_size=3, drop_last=False)), [b.tolist() for b in DataLoader(Stream(3, 9), batch_size=4)])


class Counter(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(3, 6, padding_idx=2)
        self.gru = nn.GRU(6, 12, batch_first=True)
        self.head = nn.Linear(12, 1)

    def forward(self, x, lengths):
        packed = nn.utils.rnn.pack_padded_sequence(self.embed(x), lengths.cpu(), batch_first=True)
        _, h = self.gru(packed)
        return self.head(h[-1]).squeeze(-1)


net = Counter()
optimizer = torch.optim.Adam(net.parameters(), lr=0.02)
criterion = nn.BCEWithLogitsLoss(pos_weight=torch.tensor(counts[0] / counts[1]))
for epoch in range(5):
    total = correct = 0
    for x, lengths, y in bucketed:
        out = net(x, lengths)
        loss = criterion(out, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        correct += ((torch.sigmoid(out) > 0.5) == y.bool()).sum().item()
    print(f"epoch {epoch + 1}: loss {total / len(data):.4f}, accuracy {correct / len(data):.3f}")
print(net.embed.weight[2])
