"""Lyceum's `tokenizers`: Hugging Face's tokenizers, trained and loaded, with `tokenizer.json` in and out.

    >>> from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    >>> tokenizer = Tokenizer(models.BPE(unk_token="[UNK]"))
    >>> tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    >>> tokenizer.train_from_iterator(texts, trainers.BpeTrainer(special_tokens=["[UNK]"]))
    >>> tokenizer.encode("Hello world").tokens

What the package has and Lyceum has not raises NotImplementedError with its name.
"""

from _lyceum.missing import declare

from ._parts import AddedToken, Regex
from ._tokenizer import Encoding, Tokenizer
from . import decoders, models, normalizers, pre_tokenizers, processors, trainers

__version__ = "0.23.3"

__getattr__ = declare(
    __name__,
    "BertWordPieceTokenizer ByteLevelBPETokenizer CharBPETokenizer EncodeInput InputSequence NormalizedString "
    "OffsetReferential OffsetType Offsets PreTokenizedString SentencePieceBPETokenizer SentencePieceUnigramTokenizer "
    "SplitDelimiterBehavior TextEncodeInput TextInputSequence Token implementations tools",
)
