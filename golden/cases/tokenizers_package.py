"""The package tokenizers: training, encoding, decoding, and tokenizer.json."""

import json
import os
import tempfile

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

TEXTS = [
    "The quick brown fox jumps over the lazy dog.", "Learning rates, losses and gradients: what a training needs.",
    "学习率太大，损失就会发散。 学习 学习率", "low lower lowest new newer newest wide wider widest",
] * 5


def encoding(e):
    show(e.ids, e.tokens, e.offsets, e.type_ids, e.attention_mask, e.special_tokens_mask, e.word_ids, e.sequence_ids, len(e))


def trained():
    tokenizer = Tokenizer(models.BPE(unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.train_from_iterator(TEXTS, trainers.BpeTrainer(vocab_size=120, show_progress=False, special_tokens=["[UNK]", "[CLS]", "[SEP]", "[PAD]"]))
    return tokenizer


# --- bpe
tokenizer = trained()
show(json.loads(tokenizer.to_str()), tokenizer.get_vocab_size(), sorted(tokenizer.get_vocab().items(), key=lambda item: item[1]))
encoding(tokenizer.encode("The lower losses, 学习率 é!"))

# --- template
tokenizer = trained()
tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 1), ("[SEP]", 2)])
encoding(tokenizer.encode("low new", "wide"))
show(tokenizer.num_special_tokens_to_add(True), json.loads(tokenizer.to_str())["post_processor"])

# --- padding_and_truncation
tokenizer = trained()
tokenizer.enable_padding(pad_id=3, pad_token="[PAD]")
for each in tokenizer.encode_batch(["low", "the newer dog jumps", ("a", "b")]):
    encoding(each)
tokenizer.enable_truncation(5)
show(tokenizer.padding, tokenizer.truncation)
each = tokenizer.encode("the newer dog jumps over")
encoding(each)
show(repr(each), tokenizer.decode(each.ids))
tokenizer.no_padding()
tokenizer.no_truncation()
encoding(tokenizer.encode("the newer dog jumps over"))

# --- files
path = os.path.join(tempfile.mkdtemp(), "tokenizer.json")
trained().save(path)
loaded = Tokenizer.from_file(path)
show(open(path, encoding="utf-8").read()[:300], loaded.to_str() == trained().to_str())
encoding(loaded.encode(["low", "new"], is_pretokenized=True))

# --- byte_level
tokenizer = Tokenizer(models.BPE())
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
tokenizer.decoder = decoders.ByteLevel()
tokenizer.train_from_iterator(iter(TEXTS), trainers.BpeTrainer(vocab_size=300, show_progress=False, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=["<|endoftext|>"], min_frequency=2))
each = tokenizer.encode("学习率 new ☃")
encoding(each)
show(tokenizer.decode(each.ids), sorted(pre_tokenizers.ByteLevel.alphabet()), json.loads(tokenizer.to_str())["model"]["merges"])

# --- word_piece
vocabulary = {token: number for number, token in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "low", "##est", "##er", "new", "the", "学", "习"])}
tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
tokenizer.normalizer = normalizers.BertNormalizer()
tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
tokenizer.decoder = decoders.WordPiece()
tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
each = tokenizer.encode("The LOWEST newer 学习 xyz")
encoding(each)
show(tokenizer.decode(each.ids), tokenizer.decode(each.ids, skip_special_tokens=False))

# --- word_level
tokenizer = Tokenizer(models.WordLevel(unk_token="<unk>"))
tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
tokenizer.normalizer = normalizers.Sequence([normalizers.NFD(), normalizers.Lowercase(), normalizers.StripAccents()])
tokenizer.train_from_iterator([TEXTS], trainers.WordLevelTrainer(show_progress=False, special_tokens=["<unk>", "<pad>"]))
encoding(tokenizer.encode("the Dög. xyz"))
show(tokenizer.add_tokens(["xyz", AddedToken("abc", single_word=True)]), tokenizer.add_special_tokens(["<s>"]))
show(tokenizer.token_to_id("xyz"), tokenizer.id_to_token(0), tokenizer.token_to_id("nope"), tokenizer.id_to_token(9999))
encoding(tokenizer.encode("xyz abc <s> abcd"))

# --- pre_tokenizers
for part in (pre_tokenizers.Split(" ", "merged_with_next"), pre_tokenizers.Split(Regex(r"\d+"), "isolated"), pre_tokenizers.Punctuation(), pre_tokenizers.Digits(True), pre_tokenizers.Metaspace(), pre_tokenizers.CharDelimiterSplit("e"), pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Digits()])):
    tokenizer = Tokenizer(models.WordLevel({"a": 0, "<unk>": 1}, "<unk>"))
    tokenizer.pre_tokenizer = part
    encoding(tokenizer.encode("a1 22b, e3a"))
