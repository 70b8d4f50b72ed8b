"""`lyceum.export`: trained models in layouts that other programs load.

    lyceum.export.huggingface(model, tokenizer, "my-gpt")

writes a GPT of one's own so that `transformers.AutoModelForCausalLM.from_pretrained("my-gpt")` loads it. What any model
has learned is saved as safetensors by `torch.save(model.state_dict(), "model.safetensors")`.
"""

import json
import os

import torch
from torch import nn

__all__ = ["huggingface"]

# What each layer of GPT-2 holds, by its names: whether the matrix is kept the other way round than in nn.Linear.
_LINEAR = {"attn.c_attn": (3, 1), "attn.c_proj": (1, 1), "mlp.c_fc": (None, 1), "mlp.c_proj": (1, None)}
_NORMS = ("ln_1", "ln_2")


def huggingface(model, tokenizer, folder, heads=None):
    """Writes a GPT as ``config.json``, ``model.safetensors`` and ``tokenizer.json``, in the layout of GPT-2.

    ``model`` is a module with GPT-2's architecture, and its parts under GPT-2's names, as most teaching code has them:
    embeddings ``wte`` and ``wpe``; layers ``h.0``, ``h.1``, ... of ``ln_1``, ``attn.c_attn``, ``attn.c_proj``, ``ln_2``,
    ``mlp.c_fc`` and ``mlp.c_proj``; ``ln_f``; and ``lm_head``, which shares the weight of ``wte``. They may stand under
    ``transformer``. Norms come before each part. A bias that the model does without is written as zeros.

    ``tokenizer`` has a method ``to_str()`` that gives the text of a ``tokenizer.json``, or ``save(path)`` that writes
    it. The number of attention heads, which no weight shows, is ``heads`` or ``model.config.n_head``.

    Raises ``ValueError`` where the model is of another architecture; then nothing is written.
    """
    state = _state(model)
    n_layer = 1 + max((int(name.split(".")[1]) for name in state if name.startswith("h.")), default=-1)
    if n_layer == 0:
        raise ValueError("lyceum.export.huggingface: the model has no layers h.0, h.1, ...; is it a GPT?")
    tensors = {"wte.weight": _take(state, "wte.weight", 2), "wpe.weight": _take(state, "wpe.weight", 2)}
    width = tensors["wte.weight"].shape[1]
    for layer in range(n_layer):
        for norm in _NORMS:
            _norm(state, tensors, f"h.{layer}.{norm}", width)
        for part, (out, into) in _LINEAR.items():
            _linear(state, tensors, f"h.{layer}.{part}", out and out * width, into and into * width)
    _norm(state, tensors, "ln_f", width)
    head = state.pop("lm_head.weight", tensors["wte.weight"])
    tied = head.shape == tensors["wte.weight"].shape and bool((head == tensors["wte.weight"]).all())
    if state:
        raise ValueError(f"lyceum.export.huggingface: GPT-2 has no place for {', '.join(sorted(state))}")
    heads = _heads(model, heads, width)
    config = {
        "architectures": ["GPT2LMHeadModel"],
        "model_type": "gpt2",
        "vocab_size": tensors["wte.weight"].shape[0],
        "n_positions": tensors["wpe.weight"].shape[0],
        "n_embd": width,
        "n_layer": n_layer,
        "n_head": heads,
        "n_inner": tensors["h.0.mlp.c_fc.weight"].shape[1],
        "activation_function": _activation(model),
        "layer_norm_epsilon": _epsilon(model),
        "tie_word_embeddings": tied,
        "bos_token_id": None,
        "eos_token_id": None,
        "torch_dtype": "float32",
    }
    written = {f"transformer.{name}": tensor.detach().contiguous() for name, tensor in tensors.items()}
    if not tied:
        written["lm_head.weight"] = head.detach().contiguous()
    text = _tokenizer_text(tokenizer)
    os.makedirs(folder, exist_ok=True)
    torch.save(written, os.path.join(folder, "model.safetensors"))
    _write(folder, "config.json", json.dumps(config, indent=2))
    _write(folder, "tokenizer_config.json", json.dumps({"tokenizer_class": "PreTrainedTokenizerFast"}, indent=2))
    if text is None:
        tokenizer.save(os.path.join(folder, "tokenizer.json"))
    else:
        _write(folder, "tokenizer.json", text)


def _state(model):
    """Returns the parameters and buffers under GPT-2's names; masks of attention, which are no weights, left out."""
    state = {}
    for name, tensor in model.state_dict().items():
        name = name.removeprefix("transformer.")
        if not name.endswith((".attn.bias", ".attn.masked_bias", ".attn.mask")):
            state[name] = tensor
    return state


def _take(state, name, dimensions):
    tensor = state.pop(name, None)
    if tensor is None:
        raise ValueError(f"lyceum.export.huggingface: the model has no {name}; is it a GPT with GPT-2's names?")
    if tensor.dim() != dimensions:
        raise ValueError(f"lyceum.export.huggingface: {name} should have {dimensions} dimensions, not {tensor.dim()}")
    return tensor


def _norm(state, tensors, name, width):
    tensors[f"{name}.weight"] = _take(state, f"{name}.weight", 1)
    tensors[f"{name}.bias"] = state.pop(f"{name}.bias", torch.zeros(width))


def _linear(state, tensors, name, out, into):
    weight = _take(state, f"{name}.weight", 2)
    if (out or weight.shape[0]) != weight.shape[0] or (into or weight.shape[1]) != weight.shape[1]:
        raise ValueError(f"lyceum.export.huggingface: {name}.weight is {tuple(weight.shape)}, which GPT-2 has not")
    # GPT-2 multiplies from the other side.
    tensors[f"{name}.weight"] = weight.t()
    tensors[f"{name}.bias"] = state.pop(f"{name}.bias", torch.zeros(weight.shape[0]))


def _heads(model, heads, width):
    if heads is None:
        heads = getattr(getattr(model, "config", None), "n_head", None)
    if heads is None:
        raise ValueError("lyceum.export.huggingface: how many attention heads? Say heads=, or set model.config.n_head")
    if heads < 1 or width % heads:
        raise ValueError(f"lyceum.export.huggingface: {heads} heads do not divide a width of {width}")
    return heads


def _activation(model):
    for module in model.modules():
        if isinstance(module, nn.GELU):
            return "gelu_new" if module.approximate == "tanh" else "gelu"
        if isinstance(module, nn.ReLU):
            return "relu"
        if isinstance(module, nn.SiLU):
            return "silu"
    raise ValueError("lyceum.export.huggingface: the model has no nn.GELU, nn.ReLU or nn.SiLU among its modules")


def _epsilon(model):
    found = {module.eps for module in model.modules() if isinstance(module, nn.LayerNorm)}
    if len(found) > 1:
        raise ValueError(f"lyceum.export.huggingface: GPT-2 has one eps for all norms, the model has {sorted(found)}")
    return found.pop() if found else 1e-5


def _tokenizer_text(tokenizer):
    if hasattr(tokenizer, "to_str"):
        return tokenizer.to_str()
    if hasattr(tokenizer, "save"):
        return None
    raise TypeError(
        f"lyceum.export.huggingface: a {type(tokenizer).__name__} has neither to_str() nor save(path), "
        "so there is no tokenizer.json to write"
    )


def _write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text + "\n")
