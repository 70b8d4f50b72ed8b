# Parts of speech by an LSTM that reads one sentence at a time, and by one with packed batches.
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

torch.manual_seed(1)


def prepare_sequence(seq, to_ix):
    idxs = [to_ix[w] for w in seq]
    return torch.tensor(idxs, dtype=torch.long)


training_data = [
    ("A goat climbs the hill".split(), ["DET", "NN", "V", "DET", "NN"]),
    ("Rain wets the hill".split(), ["NN", "V", "DET", "NN"]),
    ("The goat sees rain".split(), ["DET", "NN", "V", "NN"]),
    ("Goats climb".split(), ["NN", "V"]),
]
word_to_ix = {}
for sent, tags in training_data:
    for word in sent:
        if word not in word_to_ix:
            word_to_ix[word] = len(word_to_ix)
print(word_to_ix)
tag_to_ix = {"DET": 0, "NN": 1, "V": 2}


class LSTMTagger(nn.Module):
    def __init__(self, embedding_dim, hidden_dim, vocab_size, tagset_size):
        super(LSTMTagger, self).__init__()
        self.hidden_dim = hidden_dim
        self.word_embeddings = nn.Embedding(vocab_size, embedding_dim)
        self.lstm = nn.LSTM(embedding_dim, hidden_dim)
        self.hidden2tag = nn.Linear(hidden_dim, tagset_size)

    def forward(self, sentence):
        embeds = self.word_embeddings(sentence)
        lstm_out, _ = self.lstm(embeds.view(len(sentence), 1, -1))
        tag_space = self.hidden2tag(lstm_out.view(len(sentence), -1))
        return F.log_softmax(tag_space, dim=1)


model = LSTMTagger(6, 6, len(word_to_ix), len(tag_to_ix))
loss_function = nn.NLLLoss()
optimizer = optim.SGD(model.parameters(), lr=0.1)
with torch.no_grad():
    print(model(prepare_sequence(training_data[0][0], word_to_ix)))
for epoch in range(60):
    total = 0.0
    for sentence, tags in training_data:
        model.zero_grad()
        tag_scores = model(prepare_sequence(sentence, word_to_ix))
        loss = loss_function(tag_scores, prepare_sequence(tags, tag_to_ix))
        loss.backward()
        optimizer.step()
        total += loss.item()
    if epoch % 20 == 19:
        print(f"epoch {epoch + 1} loss {total:.4f}")
with torch.no_grad():
    scores = model(prepare_sequence(training_data[0][0], word_to_ix))
    print(scores.argmax(1).tolist(), [tag_to_ix[t] for t in training_data[0][1]])


class BiTagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(len(word_to_ix) + 1, 8, padding_idx=len(word_to_ix))
        self.rnn = nn.LSTM(8, 10, num_layers=2, bidirectional=True, batch_first=True)
        self.out = nn.Linear(20, 3)

    def forward(self, x, lengths):
        packed = pack_padded_sequence(self.embed(x), lengths, batch_first=True, enforce_sorted=False)
        packed_out, (h, c) = self.rnn(packed)
        out, out_lengths = pad_packed_sequence(packed_out, batch_first=True)
        return self.out(out), out_lengths, h


xs = [prepare_sequence(s, word_to_ix) for s, _ in training_data]
ys = [prepare_sequence(t, tag_to_ix) for _, t in training_data]
lengths = torch.tensor([len(x) for x in xs])
x = pad_sequence(xs, batch_first=True, padding_value=len(word_to_ix))
y = pad_sequence(ys, batch_first=True, padding_value=-100)
model = BiTagger()
optimizer = optim.Adam(model.parameters(), lr=0.02)
for epoch in range(20):
    logits, out_lengths, h = model(x, lengths)
    loss = F.cross_entropy(logits.transpose(1, 2), y, ignore_index=-100)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if epoch % 5 == 4:
        print(epoch + 1, f"{loss.item():.4f}", out_lengths.tolist(), tuple(h.shape))
mask = y != -100
print("accuracy", (logits.argmax(-1)[mask] == y[mask]).float().mean().item())
