# An MLP over letters with a hand-written batch norm; its gradients by hand against autograd's.
import random

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F

words = "alder aspen beech birch cedar cherry chestnut cypress ebony elm fir hazel holly larch laurel linden maple oak olive pine plum poplar rowan spruce walnut willow yew".split()
chars = sorted(list(set("".join(words))))
stoi = {s: i + 1 for i, s in enumerate(chars)}
stoi["."] = 0
itos = {i: s for s, i in stoi.items()}
vocab_size = len(itos)
block_size = 3


def build_dataset(words):
    X, Y = [], []
    for w in words:
        context = [0] * block_size
        for ch in w + ".":
            ix = stoi[ch]
            X.append(context)
            Y.append(ix)
            context = context[1:] + [ix]
    X, Y = torch.tensor(X), torch.tensor(Y)
    print(X.shape, Y.shape)
    return X, Y


random.seed(42)
random.shuffle(words)
n1 = int(0.8 * len(words))
Xtr, Ytr = build_dataset(words[:n1])
Xdev, Ydev = build_dataset(words[n1:])


def cmp(s, dt, t):
    ex = torch.all(dt == t.grad).item()
    app = torch.allclose(dt, t.grad, atol=1e-6)
    print(f"{s:10s} | approximate: {str(app):5s} | small: {(dt - t.grad).abs().max().item() < 1e-6}")


n_embd, n_hidden = 6, 24
g = torch.Generator().manual_seed(2147483647)
C = torch.randn((vocab_size, n_embd), generator=g)
W1 = torch.randn((n_embd * block_size, n_hidden), generator=g) * (5 / 3) / ((n_embd * block_size) ** 0.5)
b1 = torch.randn(n_hidden, generator=g) * 0.1
W2 = torch.randn((n_hidden, vocab_size), generator=g) * 0.1
b2 = torch.randn(vocab_size, generator=g) * 0.1
bngain = torch.randn((1, n_hidden), generator=g) * 0.1 + 1.0
bnbias = torch.randn((1, n_hidden), generator=g) * 0.1
parameters = [C, W1, b1, W2, b2, bngain, bnbias]
print(sum(p.nelement() for p in parameters))
for p in parameters:
    p.requires_grad = True

n = batch_size = 32
lossi, ud = [], []
for i in range(40):
    ix = torch.randint(0, Xtr.shape[0], (batch_size,), generator=g)
    Xb, Yb = Xtr[ix], Ytr[ix]
    emb = C[Xb]
    embcat = emb.view(emb.shape[0], -1)
    hprebn = embcat @ W1 + b1
    bnmeani = 1 / n * hprebn.sum(0, keepdim=True)
    bndiff = hprebn - bnmeani
    bnvar = 1 / (n - 1) * (bndiff**2).sum(0, keepdim=True)
    bnvar_inv = (bnvar + 1e-5) ** -0.5
    bnraw = bndiff * bnvar_inv
    hpreact = bngain * bnraw + bnbias
    h = torch.tanh(hpreact)
    logits = h @ W2 + b2
    loss = F.cross_entropy(logits, Yb)
    for p in parameters:
        p.grad = None
    for t in [logits, h, hprebn, embcat, emb]:
        t.retain_grad()
    loss.backward()

    dlogits = F.softmax(logits, 1)
    dlogits[range(n), Yb] -= 1
    dlogits /= n
    dh = dlogits @ W2.T
    dW2 = h.T @ dlogits
    db2 = dlogits.sum(0)
    dhpreact = (1.0 - h**2) * dh
    dbngain = (bnraw * dhpreact).sum(0, keepdim=True)
    dbnbias = dhpreact.sum(0, keepdim=True)
    dhprebn = bngain * bnvar_inv / n * (n * dhpreact - dhpreact.sum(0) - n / (n - 1) * bnraw * (dhpreact * bnraw).sum(0))
    dembcat = dhprebn @ W1.T
    dW1 = embcat.T @ dhprebn
    db1 = dhprebn.sum(0)
    demb = dembcat.view(emb.shape)
    dC = torch.zeros_like(C)
    for k in range(Xb.shape[0]):
        for j in range(Xb.shape[1]):
            dC[Xb[k, j]] += demb[k, j]
    if i == 0:
        for name, dt, t in [("logits", dlogits, logits), ("h", dh, h), ("W2", dW2, W2), ("b2", db2, b2), ("hprebn", dhprebn, hprebn), ("W1", dW1, W1), ("b1", db1, b1), ("emb", demb, emb), ("C", dC, C)]:
            cmp(name, dt, t)
    with torch.no_grad():
        for p, grad in zip(parameters, [dC, dW1, db1, dW2, db2, dbngain, dbnbias]):
            p.data += -0.3 * grad
        ud.append([((0.3 * p.grad).std() / p.data.std()).log10().item() for p in parameters[:2]])
    lossi.append(loss.log10().item())
    if i % 10 == 0:
        print(f"{i:7d}/{40:7d}: {loss.item():.4f}")

plt.plot(torch.tensor(lossi).view(-1, 10).mean(1))
plt.hist(h.view(-1).tolist(), 20)
plt.figure()
plt.hist(hpreact.view(-1).detach().numpy(), bins=50, density=True)
plt.show()
print(torch.tensor(lossi).view(-1, 10).mean(1), "%.4f" % ud[-1][0])
with torch.no_grad():
    hd = torch.tanh(bngain * ((C[Xdev].view(-1, n_embd * block_size) @ W1 + b1) - bnmeani) * bnvar_inv + bnbias)
    print("dev", F.cross_entropy(hd @ W2 + b2, Ydev).item())
