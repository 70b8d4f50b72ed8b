# Skip-grams and continuous bags of words with nn.Embedding, the second from numpy-free lists.
from collections import Counter

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim

torch.manual_seed(1)
np.random.seed(5)
CONTEXT_SIZE = 2
raw_text = """a river carries sand and a river carries stones . the sea takes sand from the river
and the sea takes salt from stones . rain feeds the river and the sea feeds rain .""".split()
vocab = sorted(set(raw_text))
vocab_size = len(vocab)
word_to_ix = {word: i for i, word in enumerate(vocab)}
data = []
for i in range(CONTEXT_SIZE, len(raw_text) - CONTEXT_SIZE):
    context = [raw_text[i - j - 1] for j in range(CONTEXT_SIZE)] + [raw_text[i + j + 1] for j in range(CONTEXT_SIZE)]
    data.append((context, raw_text[i]))
print(data[:2], vocab_size)


class CBOW(nn.Module):
    def __init__(self, vocab_size, embedding_dim):
        super(CBOW, self).__init__()
        self.embeddings = nn.Embedding(vocab_size, embedding_dim)
        self.linear1 = nn.Linear(embedding_dim, 32)
        self.linear2 = nn.Linear(32, vocab_size)

    def forward(self, inputs):
        embeds = self.embeddings(inputs).sum(0).view((1, -1))
        return F.log_softmax(self.linear2(F.relu(self.linear1(embeds))), dim=1)


losses = []
loss_function = nn.NLLLoss()
model = CBOW(vocab_size, 10)
optimizer = optim.SGD(model.parameters(), lr=0.02)
for epoch in range(8):
    total_loss = 0
    for context, target in data:
        context_idxs = torch.tensor([word_to_ix[w] for w in context], dtype=torch.long)
        model.zero_grad()
        log_probs = model(context_idxs)
        loss = loss_function(log_probs, torch.tensor([word_to_ix[target]], dtype=torch.long))
        loss.backward()
        optimizer.step()
        total_loss += loss.item()
    losses.append(total_loss)
print([round(l, 2) for l in losses])

# Negative sampling: words drawn by their frequency to the power of three quarters.
counts = Counter(raw_text)
freq = np.array([counts[w] for w in vocab], dtype=np.float64)
noise_dist = torch.from_numpy(freq**0.75 / np.sum(freq**0.75))


class SkipGramNeg(nn.Module):
    def __init__(self, n_vocab, n_embed):
        super().__init__()
        self.in_embed = nn.Embedding(n_vocab, n_embed)
        self.out_embed = nn.Embedding(n_vocab, n_embed)
        self.in_embed.weight.data.uniform_(-1, 1)
        self.out_embed.weight.data.uniform_(-1, 1)

    def forward(self, words, targets, noise):
        v = self.in_embed(words).unsqueeze(2)
        pos = torch.bmm(self.out_embed(targets).unsqueeze(1), v).sigmoid().log().squeeze()
        neg = torch.bmm(self.out_embed(noise).neg(), v).sigmoid().log().squeeze(2).sum(1)
        return -(pos + neg).mean()


pairs = torch.tensor([(word_to_ix[t], word_to_ix[c]) for ctx, t in data for c in ctx])
model = SkipGramNeg(vocab_size, 8)
optimizer = optim.Adam(model.parameters(), lr=0.05)
for epoch in range(5):
    for batch in pairs[torch.randperm(len(pairs))].split(32):
        noise = torch.multinomial(noise_dist, len(batch) * 4, replacement=True).view(len(batch), 4)
        loss = model(batch[:, 0], batch[:, 1], noise)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(f"Epoch: {epoch + 1}/5 Loss: {loss.item():.4f}")
embeddings = model.in_embed.weight
river = embeddings[word_to_ix["river"]]
similarities = F.cosine_similarity(river.unsqueeze(0), embeddings)
closest = similarities.argsort(descending=True)
print([(vocab[i], round(similarities[i].item(), 3)) for i in closest[:4]])
