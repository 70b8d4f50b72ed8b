# A character LSTM that learns a list of names and writes new ones by sampling with a temperature.
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(4)
names = ["mirela", "tomas", "anneke", "joris", "selma", "karim", "yusra", "pavel", "ingrid", "oskar", "leila", "marek"]
chars = ["<"] + sorted(set("".join(names))) + [">"]
stoi = {ch: i for i, ch in enumerate(chars)}
itos = {i: ch for ch, i in stoi.items()}
vocab_size = len(chars)
print("vocab", vocab_size, "".join(chars))


class CharLSTM(nn.Module):
    def __init__(self, n_hidden=48, n_layers=2, drop_prob=0.1):
        super().__init__()
        self.n_hidden, self.n_layers = n_hidden, n_layers
        self.lstm = nn.LSTM(vocab_size, n_hidden, n_layers, dropout=drop_prob, batch_first=True)
        self.dropout = nn.Dropout(drop_prob)
        self.fc = nn.Linear(n_hidden, vocab_size)

    def forward(self, x, hidden):
        out, hidden = self.lstm(x, hidden)
        out = self.dropout(out).contiguous().view(-1, self.n_hidden)
        return self.fc(out), hidden

    def init_hidden(self, batch_size):
        weight = next(self.parameters()).data
        return (weight.new(self.n_layers, batch_size, self.n_hidden).zero_(),
                weight.new(self.n_layers, batch_size, self.n_hidden).zero_())


longest = max(map(len, names)) + 1
x = torch.full((len(names), longest), stoi[">"])
y = torch.full((len(names), longest), stoi[">"])
for row, name in enumerate(names):
    ix = torch.tensor([stoi[c] for c in "<" + name + ">"])
    x[row, : len(ix) - 1] = ix[:-1]
    y[row, : len(ix) - 1] = ix[1:]

model = CharLSTM()
print(model)
opt = torch.optim.Adam(model.parameters(), lr=0.01)
model.train()
for e in range(40):
    h = model.init_hidden(len(names))
    h = tuple([each.data for each in h])
    model.zero_grad()
    output, h = model(F.one_hot(x, vocab_size).float(), h)
    loss = F.cross_entropy(output, y.view(-1))
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 5)
    opt.step()
    if (e + 1) % 10 == 0:
        print("Epoch: {}/{}...".format(e + 1, 40), "Loss: {:.4f}...".format(loss.item()))


@torch.no_grad()
def sample(first, temperature=0.8, top_k=None):
    model.eval()
    h = model.init_hidden(1)
    word = first
    for ch in "<" + first:
        out, h = model(F.one_hot(torch.tensor([[stoi[ch]]]), vocab_size).float(), h)
    while len(word) < 12:
        p = F.softmax(out[-1] / temperature, dim=0)
        if top_k is not None:
            p, top_ch = p.topk(top_k)
            ix = top_ch[torch.multinomial(p, 1)].item()
        else:
            ix = torch.multinomial(p, 1).item()
        if itos[ix] == ">":
            break
        word += itos[ix]
        out, h = model(F.one_hot(torch.tensor([[ix]]), vocab_size).float(), h)
    return word


for letter in "mjk":
    print(sample(letter), sample(letter, temperature=0.3), sample(letter, top_k=3))
