"""`lyceum.export`: a GPT in the layout of GPT-2."""

import json
import os
import tempfile

import torch
from torch import nn

from lyceum.export import huggingface


class Layer(nn.Module):
    def __init__(self, width, bias=True):
        super().__init__()
        self.ln_1, self.ln_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn, self.mlp = nn.Module(), nn.Module()
        self.attn.c_attn, self.attn.c_proj = nn.Linear(width, 3 * width, bias), nn.Linear(width, width, bias)
        self.attn.register_buffer("bias", torch.ones(4, 4).tril())
        self.mlp.c_fc, self.mlp.gelu = nn.Linear(width, 4 * width, bias), nn.GELU("tanh")
        self.mlp.c_proj = nn.Linear(4 * width, width, bias)


class GPT(nn.Module):
    def __init__(self, bias=True, tied=True):
        super().__init__()
        self.transformer = nn.ModuleDict({
            "wte": nn.Embedding(11, 8), "wpe": nn.Embedding(4, 8),
            "h": nn.ModuleList([Layer(8, bias), Layer(8, bias)]), "ln_f": nn.LayerNorm(8),
        })
        self.lm_head = nn.Linear(8, 11, bias=False)
        if tied:
            self.lm_head.weight = self.transformer.wte.weight


class Tokenizer:
    def to_str(self):
        return '{"version": "1.0"}'


def export(model, tokenizer=Tokenizer(), heads=2):
    with tempfile.TemporaryDirectory() as folder:
        huggingface(model, tokenizer, folder, heads)
        with open(os.path.join(folder, "config.json")) as file:
            config = json.load(file)
        with open(os.path.join(folder, "tokenizer.json")) as file:
            text = file.read()
        return config, torch.load(os.path.join(folder, "model.safetensors")), text


def refused(model, tokenizer=Tokenizer(), heads=2):
    try:
        export(model, tokenizer, heads)
    except (ValueError, TypeError) as error:
        return str(error)
    raise AssertionError("it was exported")


def test_layout():
    model = GPT()
    config, tensors, text = export(model)
    assert text.strip() == Tokenizer().to_str()
    sizes = [config[name] for name in ("vocab_size", "n_positions", "n_embd", "n_layer", "n_head", "n_inner")]
    assert sizes == [11, 4, 8, 2, 2, 32]
    assert config["activation_function"] == "gelu_new" and config["tie_word_embeddings"] is True
    weight = model.transformer.h[1].attn.c_attn.weight
    assert torch.equal(tensors["transformer.h.1.attn.c_attn.weight"], weight.t())
    assert torch.equal(tensors["transformer.ln_f.bias"], model.transformer.ln_f.bias)
    assert len(tensors) == 2 + 2 * 12 + 2 and "lm_head.weight" not in tensors


def test_head_of_its_own_and_missing_biases():
    model = GPT(bias=False, tied=False)
    config, tensors, _ = export(model)
    assert config["tie_word_embeddings"] is False and torch.equal(tensors["lm_head.weight"], model.lm_head.weight)
    assert torch.equal(tensors["transformer.h.0.mlp.c_fc.bias"], torch.zeros(32))


def test_what_is_no_gpt_is_refused():
    assert "no layers" in refused(nn.Linear(2, 2))
    model = GPT()
    model.transformer.h[0].more = nn.Linear(8, 8)
    assert "no place for h.0.more.bias, h.0.more.weight" in refused(model)
    model = GPT()
    del model.transformer.h[1].ln_2
    assert "no h.1.ln_2.weight" in refused(model)
    assert "3 heads do not divide a width of 8" in refused(GPT(), heads=3)
    assert "how many attention heads" in refused(GPT(), heads=None)
    assert "neither to_str() nor save(path)" in refused(GPT(), tokenizer=object())


test_layout()
test_head_of_its_own_and_missing_biases()
test_what_is_no_gpt_is_refused()
print("ok")
