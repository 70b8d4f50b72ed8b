"""Shows that the real `transformers` library computes what the exported GPT computes. For development, with PyTorch:

    lyceum run examples/language/gpt.py --data courses --out out
    python examples/language/check_huggingface.py out

`out/gpt.safetensors` holds the weights under this project's names, `out/gpt-huggingface` the export. The first goes
into the class of `gpt.py`, the second into `GPT2LMHeadModel`; on held-out text their logits have to agree to 1e-4, and
`tokenizer.json` has to give the ids of the example's vocabulary.
"""
import json
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

folder = Path(sys.argv.pop(1) if len(sys.argv) > 1 else "out")

from course_text import read_lessons
from gpt import GPT, Config
from pieces import Pieces

state = load_file(folder / "gpt.safetensors")
vocabulary, width = state["wte.weight"].shape
config = Config()
config.n_embd, config.block_size = width, state["wpe.weight"].shape[0]
config.n_layer = 1 + max(int(name.split(".")[1]) for name in state if name.startswith("h."))

exported = AutoModelForCausalLM.from_pretrained(folder / "gpt-huggingface").eval()
config.n_head = exported.config.n_head
own = GPT(vocabulary, config).eval()
own.load_state_dict({**state, "lm_head.weight": state["wte.weight"]})

train_text, held_out = read_lessons()
joins = len(json.loads((folder / "gpt-huggingface" / "tokenizer.json").read_text())["model"]["merges"])
pieces = Pieces(train_text if joins > 50 else train_text[:20000], joins)
tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(folder / "gpt-huggingface" / "tokenizer.json"))
ids = tokenizer(held_out)["input_ids"]
assert ids == pieces.encode(held_out), "the tokenizers differ"
assert tokenizer.decode(pieces.encode("y = w x,\n  so")) == "y = w x,\n  so", "the tokenizer does not give the text back"

windows = torch.tensor(ids[: 8 * config.block_size]).view(8, -1)
with torch.no_grad():
    difference = (own(windows)[0] - exported(windows).logits).abs().max().item()
    start = torch.tensor([pieces.encode("The gradient ")])
    text = exported.generate(start, max_new_tokens=config.block_size - start.shape[1], do_sample=False, pad_token_id=0)
print("transformers writes:", repr(tokenizer.decode(text[0])))
print(f"{len(ids)} ids agree; logits differ by {difference:.1e} at most")
assert difference < 1e-4
