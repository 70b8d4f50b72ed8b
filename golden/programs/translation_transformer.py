# nn.Transformer translates numbers to the words of an invented tongue; greedy and beam search.
import math
from timeit import default_timer as timer

import torch
import torch.nn as nn
from torch import Tensor
from torch.nn import Transformer
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader

UNK_IDX, PAD_IDX, BOS_IDX, EOS_IDX = 0, 1, 2, 3
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
tens, ones = ["", "ka", "lu", "mo"], ["", "ti", "ra", "se", "vo", "ne"]
pairs = [([str(t), str(o)], [w for w in (ones[o], tens[t]) if w]) for t in range(4) for o in range(6) if t or o]
src_vocab = {s: i + 4 for i, s in enumerate("012345")}
tgt_vocab = {s: i + 4 for i, s in enumerate([w for w in tens + ones if w])}
tgt_words = {i: w for w, i in tgt_vocab.items()}


class PositionalEncoding(nn.Module):
    def __init__(self, emb_size: int, dropout: float, maxlen: int = 20):
        super(PositionalEncoding, self).__init__()
        den = torch.exp(-torch.arange(0, emb_size, 2) * math.log(10000) / emb_size)
        pos = torch.arange(0, maxlen).reshape(maxlen, 1)
        pos_embedding = torch.zeros((maxlen, emb_size))
        pos_embedding[:, 0::2] = torch.sin(pos * den)
        pos_embedding[:, 1::2] = torch.cos(pos * den)
        self.dropout = nn.Dropout(dropout)
        self.register_buffer("pos_embedding", pos_embedding.unsqueeze(-2))

    def forward(self, token_embedding: Tensor):
        return self.dropout(token_embedding + self.pos_embedding[: token_embedding.size(0), :])


class Seq2SeqTransformer(nn.Module):
    def __init__(self, layers, emb_size, nhead, src_size, tgt_size, dim_feedforward, dropout=0.1):
        super(Seq2SeqTransformer, self).__init__()
        self.transformer = Transformer(d_model=emb_size, nhead=nhead, num_encoder_layers=layers, num_decoder_layers=layers,
                                       dim_feedforward=dim_feedforward, dropout=dropout)
        self.generator = nn.Linear(emb_size, tgt_size)
        self.src_tok_emb, self.tgt_tok_emb = nn.Embedding(src_size, emb_size), nn.Embedding(tgt_size, emb_size)
        self.scale = math.sqrt(emb_size)
        self.positional_encoding = PositionalEncoding(emb_size, dropout=dropout)

    def forward(self, src, trg, src_mask, tgt_mask, src_padding_mask, tgt_padding_mask, memory_key_padding_mask):
        src_emb = self.positional_encoding(self.src_tok_emb(src.long()) * self.scale)
        tgt_emb = self.positional_encoding(self.tgt_tok_emb(trg.long()) * self.scale)
        return self.generator(self.transformer(src_emb, tgt_emb, src_mask, tgt_mask, None, src_padding_mask, tgt_padding_mask, memory_key_padding_mask))

    def encode(self, src, src_mask):
        return self.transformer.encoder(self.positional_encoding(self.src_tok_emb(src) * self.scale), src_mask)

    def decode(self, tgt, memory, tgt_mask):
        return self.transformer.decoder(self.positional_encoding(self.tgt_tok_emb(tgt) * self.scale), memory, tgt_mask)


def generate_square_subsequent_mask(sz):
    mask = (torch.triu(torch.ones((sz, sz), device=DEVICE)) == 1).transpose(0, 1)
    return mask.float().masked_fill(mask == 0, float("-inf")).masked_fill(mask == 1, float(0.0))


def create_mask(src, tgt):
    tgt_mask = generate_square_subsequent_mask(tgt.shape[0])
    src_mask = torch.zeros((src.shape[0], src.shape[0]), device=DEVICE)
    return src_mask, tgt_mask, torch.where(src == PAD_IDX, float("-inf"), 0.0).transpose(0, 1), torch.where(tgt == PAD_IDX, float("-inf"), 0.0).transpose(0, 1)


def tensor_transform(ids):
    return torch.cat((torch.tensor([BOS_IDX]), torch.tensor(ids), torch.tensor([EOS_IDX])))


def collate_fn(batch):
    src_batch = [tensor_transform([src_vocab[t] for t in s]) for s, _ in batch]
    tgt_batch = [tensor_transform([tgt_vocab[t] for t in t_]) for _, t_ in batch]
    return pad_sequence(src_batch, padding_value=PAD_IDX), pad_sequence(tgt_batch, padding_value=PAD_IDX)


torch.manual_seed(0)
model = Seq2SeqTransformer(1, 32, 4, 10, 4 + len(tgt_vocab), 48).to(DEVICE)
for p in model.parameters():
    if p.dim() > 1:
        nn.init.xavier_uniform_(p)
loss_fn = torch.nn.CrossEntropyLoss(ignore_index=PAD_IDX)
optimizer = torch.optim.Adam(model.parameters(), lr=0.003, betas=(0.9, 0.98), eps=1e-9)
for epoch in range(1, 19):
    start_time = timer()
    model.train()
    losses = 0
    dataloader = DataLoader(pairs, batch_size=8, collate_fn=collate_fn)
    for src, tgt in dataloader:
        tgt_input = tgt[:-1, :]
        src_mask, tgt_mask, src_padding_mask, tgt_padding_mask = create_mask(src, tgt_input)
        logits = model(src, tgt_input, src_mask, tgt_mask, src_padding_mask, tgt_padding_mask, src_padding_mask)
        optimizer.zero_grad()
        loss = loss_fn(logits.reshape(-1, logits.shape[-1]), tgt[1:, :].reshape(-1))
        loss.backward()
        optimizer.step()
        losses += loss.item()
    if epoch % 6 == 0:
        print(f"Epoch: {epoch}, Train loss: {losses / len(list(dataloader)):.3f}")


@torch.no_grad()
def greedy_decode(src, max_len=5):
    memory = model.encode(src, torch.zeros(len(src), len(src)))
    ys = torch.ones(1, 1).fill_(BOS_IDX).type(torch.long)
    for _ in range(max_len - 1):
        tgt_mask = generate_square_subsequent_mask(ys.size(0)).type(torch.bool)
        out = model.decode(ys, memory, generate_square_subsequent_mask(ys.size(0))).transpose(0, 1)
        next_word = torch.max(model.generator(out[:, -1]), dim=1)[1].item()
        ys = torch.cat([ys, torch.ones(1, 1).type_as(src.data).fill_(next_word)], dim=0)
        if next_word == EOS_IDX:
            break
    return ys.flatten()


@torch.no_grad()
def beam_search(src, width=3, max_len=5):
    memory = model.encode(src, torch.zeros(len(src), len(src)))
    beams = [(0.0, [BOS_IDX])]
    for _ in range(max_len - 1):
        candidates = []
        for score, seq in beams:
            if seq[-1] == EOS_IDX:
                candidates.append((score, seq))
                continue
            out = model.decode(torch.tensor(seq).unsqueeze(1), memory, generate_square_subsequent_mask(len(seq)))
            top = torch.log_softmax(model.generator(out[-1]), dim=-1).topk(width)
            candidates += [(score + v.item(), seq + [i.item()]) for v, i in zip(top.values[0], top.indices[0])]
        beams = sorted(candidates, key=lambda c: c[0] / len(c[1]), reverse=True)[:width]
    return beams[0]


model.eval()
right = 0
for source, target in pairs:
    src = tensor_transform([src_vocab[t] for t in source]).view(-1, 1)
    words = [tgt_words.get(i, "?") for i in greedy_decode(src).tolist() if i > EOS_IDX]
    right += words == target
    if source[1] == "4":
        score, seq = beam_search(src)
        print("".join(source), "=", " ".join(words), f"{score:.3f}", [tgt_words.get(i, "?") for i in seq[1:-1]])
print(right, "of", len(pairs))
