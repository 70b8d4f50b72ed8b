"""A GPT that reads this project's own course and writes on.

Run:    lyceum run examples/language/gpt.py --data courses
Result: loss < counting, cache_error < 1e-5
Short:  loss < 3.3, cache_error < 1e-5

A language model gives the probability of the next piece of text after those before it; the pieces are whatever stands
together often (byte-pair encoding, in `pieces.py`). This one is a Transformer decoder
with the architecture of GPT-2 in miniature: learned positions, norms before each part, GELU, and an output layer that
shares its matrix with the embedding. It trains on nine paragraphs of ten and is measured on the tenth, in nats a
character, against models that only count how often a character followed the few before it.

Then it writes, with what inference needs in practice: a cache of keys and values, so that each new piece costs one
step and not a pass over all the text, and three ways to choose among the probabilities (temperature, top-k, top-p).
What was trained is saved as safetensors and, under Lyceum, in the layout that Hugging Face's `transformers` loads
(`check_huggingface.py` beside this file shows that).
"""
import copy
import math
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

from course_text import ngram_loss, read_lessons
from pieces import Pieces

SHORT = "--short" in sys.argv


class Config:
    joins = 50 if SHORT else 400
    n_layer, n_head, n_embd, block_size = (2, 2, 32, 32) if SHORT else (3, 4, 128, 64)
    dropout = 0.1
    batch, steps, warmup, learning_rate = (8, 60, 6, 1e-2) if SHORT else (16, 700, 50, 3e-3)


class Attention(nn.Module):
    """Each position asks all before it (query), and takes from them (value) as much as they answer (key)."""

    def __init__(self, config):
        super().__init__()
        self.heads = config.n_head
        self.c_attn = nn.Linear(config.n_embd, 3 * config.n_embd)
        self.c_proj = nn.Linear(config.n_embd, config.n_embd)
        self.dropout = config.dropout

    def forward(self, x, cache=None):
        B, T, C = x.shape
        q, k, v = (
            part.view(B, T, self.heads, C // self.heads).transpose(1, 2)  # (B, H, T, D)
            for part in self.c_attn(x).split(C, dim=2)
        )
        if cache is not None:
            k, v = torch.cat([cache[0], k], dim=2), torch.cat([cache[1], v], dim=2)
        # With a cache there is one new query, which may look at everything; without, each sees what is before it.
        y = F.scaled_dot_product_attention(
            q, k, v, is_causal=cache is None, dropout_p=self.dropout if self.training else 0.0
        )
        return self.c_proj(y.transpose(1, 2).reshape(B, T, C)), (k, v)


class Block(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.ln_1 = nn.LayerNorm(config.n_embd)
        self.attn = Attention(config)
        self.ln_2 = nn.LayerNorm(config.n_embd)
        self.mlp = nn.Sequential()
        self.mlp.c_fc = nn.Linear(config.n_embd, 4 * config.n_embd)
        self.mlp.gelu = nn.GELU(approximate="tanh")
        self.mlp.c_proj = nn.Linear(4 * config.n_embd, config.n_embd)
        self.drop = nn.Dropout(config.dropout)

    def forward(self, x, cache=None):
        y, cache = self.attn(self.ln_1(x), cache)
        x = x + self.drop(y)
        return x + self.drop(self.mlp(self.ln_2(x))), cache


class GPT(nn.Module):
    def __init__(self, vocabulary, config):
        super().__init__()
        self.config = config
        self.wte = nn.Embedding(vocabulary, config.n_embd)
        self.wpe = nn.Embedding(config.block_size, config.n_embd)
        self.drop = nn.Dropout(config.dropout)
        self.h = nn.ModuleList(Block(config) for _ in range(config.n_layer))
        self.ln_f = nn.LayerNorm(config.n_embd)
        self.lm_head = nn.Linear(config.n_embd, vocabulary, bias=False)
        self.lm_head.weight = self.wte.weight
        for name, parameter in self.named_parameters():
            if name.endswith("c_proj.weight"):
                # So many layers add to the same stream: each one begins quieter.
                nn.init.normal_(parameter, std=0.02 / math.sqrt(2 * config.n_layer))
            elif parameter.dim() == 2:
                nn.init.normal_(parameter, std=0.02)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)

    def forward(self, ids, caches=None):
        """Returns the logits (B, T, vocabulary), and for each layer the keys and values to go on from."""
        past = 0 if caches is None else caches[0][0].shape[2]
        position = torch.arange(past, past + ids.shape[1], device=ids.device)
        x = self.drop(self.wte(ids) + self.wpe(position))
        new_caches = []
        for i, block in enumerate(self.h):
            x, cache = block(x, None if caches is None else caches[i])
            new_caches.append(cache)
        return self.lm_head(self.ln_f(x)), new_caches


def choose(logits, temperature=1.0, top_k=None, top_p=None):
    """Draws the next token from logits (B, vocabulary).

    `temperature` under 1 makes likely tokens likelier; `top_k` keeps the k likeliest; `top_p` keeps the fewest that
    together have the probability p.
    """
    logits = logits / temperature
    if top_k is not None:
        least = logits.topk(min(top_k, logits.shape[-1])).values[:, -1:]
        logits = logits.masked_fill(logits < least, -math.inf)
    if top_p is not None:
        ordered, index = logits.sort(descending=True)
        probability = ordered.softmax(-1)
        before = probability.cumsum(-1) - probability
        logits = torch.full_like(logits, -math.inf).scatter(1, index, ordered.masked_fill(before >= top_p, -math.inf))
    return torch.multinomial(logits.softmax(-1), 1)


@torch.no_grad()
def write(model, ids, count, **how):
    """Goes on from ids (B, T) by `count` tokens. When the context is full it starts again from its second half."""
    model.eval()
    context = model.config.block_size
    logits, caches = model(ids[:, -context:])
    for _ in range(count):
        ids = torch.cat([ids, choose(logits[:, -1], **how)], dim=1)
        if caches[0][0].shape[2] < context:
            logits, caches = model(ids[:, -1:], caches)
        else:
            logits, caches = model(ids[:, -context // 2 :])
    return ids


@torch.no_grad()
def cache_error(model, ids):
    """Returns by how much logits with the cache, a token at a time, differ at most from those of one pass.

    In double precision, so that a mistake shows and rounding does not.
    """
    model = copy.deepcopy(model).double().eval()
    whole, _ = model(ids)
    logits, caches = model(ids[:, :1])
    parts = [logits]
    for t in range(1, ids.shape[1]):
        logits, caches = model(ids[:, t : t + 1], caches)
        parts.append(logits)
    return (torch.cat(parts, dim=1) - whole).abs().max().item()


@torch.no_grad()
def evaluate(model, ids, characters):
    """Returns the loss in nats a character. Windows overlap by half, so that what is counted has some context."""
    model.eval()
    context, half = model.config.block_size, model.config.block_size // 2
    total = 0.0
    for start in range(0, len(ids) - 1, half):
        window = ids[max(0, start - half) : start + half + 1]
        logits, _ = model(window[None, :-1])
        fresh = min(half, len(ids) - 1 - start)
        total += F.cross_entropy(logits[0, -fresh:], window[-fresh:], reduction="sum").item()
    return total / characters


def learning_rate(step, config):
    """Rises in a line for `warmup` steps, then falls along a cosine to a tenth."""
    if step < config.warmup:
        return config.learning_rate * (step + 1) / config.warmup
    done = (step - config.warmup) / (config.steps - config.warmup)
    return config.learning_rate * (0.1 + 0.45 * (1 + math.cos(math.pi * done)))


def optimizer_of(model, config):
    """AdamW, which draws matrices towards zero but leaves norms and biases alone."""
    matrices = [p for p in model.parameters() if p.dim() >= 2]
    others = [p for p in model.parameters() if p.dim() < 2]
    groups = [{"params": matrices, "weight_decay": 0.1}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=config.learning_rate, betas=(0.9, 0.95))


def train(model, ids, held_out, characters, config):
    optimizer = optimizer_of(model, config)
    started = time.time()
    for step in range(config.steps):
        model.train()
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, config)
        start = torch.randint(len(ids) - config.block_size - 1, (config.batch,))
        window = ids[start[:, None] + torch.arange(config.block_size + 1)]
        logits, _ = model(window[:, :-1])
        loss = F.cross_entropy(logits.flatten(0, 1), window[:, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if (step + 1) % (config.steps // 6) == 0:
            seconds = time.time() - started
            held = evaluate(model, held_out, characters)
            print(f"step {step + 1:5}  training {loss.item():.3f} a piece  held-out {held:.3f} a character  {seconds:.0f} s")


def export(model, vocabulary):
    try:
        from lyceum.export import huggingface
    except ImportError:
        return  # real PyTorch, without Lyceum
    huggingface(model, vocabulary, "gpt-huggingface")


def main():
    torch.manual_seed(0)
    config = Config()
    train_text, held_out_text = read_lessons()
    if SHORT:
        train_text, held_out_text = train_text[:20000], held_out_text[:1000]
    vocabulary = Pieces(train_text, config.joins)
    ids, held_out = torch.tensor(vocabulary.encode(train_text)), torch.tensor(vocabulary.encode(held_out_text))
    letters = len(set(train_text)) + 1
    orders = (2, 3) if SHORT else (3, 5)
    few, many = (ngram_loss(train_text, held_out_text, order, letters) for order in orders)
    print(f"{len(train_text)} characters to learn from, {len(held_out_text)} held out; {len(ids)} pieces of {len(vocabulary)}")
    print(f"counting: {few:.3f} nats a character with {orders[0]}-grams, {many:.3f} with {orders[1]}-grams")

    model = GPT(len(vocabulary), config)
    print(f"{sum(p.numel() for p in model.parameters()):,} parameters")
    train(model, ids, held_out, len(held_out_text), config)

    loss = evaluate(model, held_out, len(held_out_text))
    error = cache_error(model, held_out[None, : config.block_size])
    torch.save(model.state_dict(), "gpt.safetensors")
    export(model, vocabulary)
    start = torch.tensor([vocabulary.encode("The gradient ")])
    for how in ({"temperature": 0.5}, {"top_k": 5}, {"top_p": 0.9}):
        print(f"\n--- {how}")
        print(vocabulary.decode(write(model, start, 40 if SHORT else 240, **how)[0].tolist()))
    print(f"\nRESULT loss={loss:.4f} counting={many:.4f} cache_error={error:.2e}")


if __name__ == "__main__":
    main()
