# Cross-validation written by hand, a confusion matrix, precision and recall, a reset of the parameters.
import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, SubsetRandomSampler, TensorDataset

torch.manual_seed(0)
np.random.seed(0)
n_classes = 3
labels = np.random.randint(0, n_classes, size=150)
features = np.random.normal(loc=labels[:, None] * np.array([1.0, -0.5, 0.3, 0.0]), scale=0.8, size=(150, 4))
features = (features - features.mean(axis=0)) / features.std(axis=0)
dataset = TensorDataset(torch.tensor(features, dtype=torch.float32), torch.tensor(labels, dtype=torch.int64))


def k_fold(n, k):
    indices = np.arange(n)
    np.random.shuffle(indices)
    for fold in np.array_split(indices, k):
        yield np.setdiff1d(indices, fold), fold


def reset_weights(m):
    for layer in m.children():
        if hasattr(layer, "reset_parameters"):
            layer.reset_parameters()


model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, n_classes))
confusion = torch.zeros(n_classes, n_classes, dtype=torch.int64)
results = {}
for fold, (train_ids, test_ids) in enumerate(k_fold(len(dataset), 5)):
    train_sampler = SubsetRandomSampler(train_ids.tolist())
    trainloader = DataLoader(dataset, batch_size=20, sampler=train_sampler)
    testloader = DataLoader(dataset, batch_size=30, sampler=SubsetRandomSampler(test_ids.tolist()))
    model.apply(reset_weights)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for epoch in range(6):
        current_loss = 0.0
        for inputs, targets in trainloader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(inputs), targets)
            loss.backward()
            optimizer.step()
            current_loss += loss.item()
    with torch.no_grad():
        correct = 0
        for inputs, targets in testloader:
            predicted = model(inputs).argmax(dim=1)
            correct += (predicted == targets).sum().item()
            for t, p in zip(targets.view(-1), predicted.view(-1)):
                confusion[t.long(), p.long()] += 1
    results[fold] = 100.0 * correct / len(test_ids)
    print(f"fold {fold}: train {len(train_ids)} test {len(test_ids)} loss {current_loss / len(trainloader):.4f} accuracy {results[fold]:.1f}%")
print(f"Average: {sum(results.values()) / len(results):.2f}% +- {np.std(list(results.values())):.2f}")
print(confusion)
tp = confusion.diag().float()
precision = tp / confusion.sum(0)
recall = tp / confusion.sum(1)
f1 = 2 * precision * recall / (precision + recall)
print(f"{'class':>6} {'precision':>10} {'recall':>8} {'f1':>8}")
for c in range(n_classes):
    print(f"{c:>6} {precision[c]:>10.3f} {recall[c]:>8.3f} {f1[c]:>8.3f}")
stacked = torch.stack((torch.from_numpy(labels), dataset.tensors[0].sum(1).gt(0).long()), dim=1)
print(np.unique(labels, return_counts=True), torch.unique(stacked, dim=0, return_counts=True)[1])
