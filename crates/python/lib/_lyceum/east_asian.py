"""Codecs for Chinese, Japanese and Korean text: GBK, GB18030, Big5, Shift_JIS, EUC-JP, EUC-KR."""

import codecs

import _east_asian


def _decoder(name, label):
    def decode(data, errors="strict", last=True):
        data = bytes(data)
        parts = []
        position = 0
        while True:
            text, position, wrong = _east_asian.decode(label, data, position, last)
            parts.append(text)
            if not wrong:
                return "".join(parts), position
            error = UnicodeDecodeError(name, data, position, position + wrong, "illegal multibyte sequence")
            text, position = codecs.lookup_error(errors)(error)
            parts.append(text)

    return decode


def _encoder(name, label):
    def encode(text, errors="strict"):
        parts = []
        position = 0
        while True:
            data, wrong = _east_asian.encode(label, text[position:])
            parts.append(data)
            if wrong is None:
                return b"".join(parts), len(text)
            position += wrong
            error = UnicodeEncodeError(name, text, position, position + 1, "illegal multibyte sequence")
            replacement, position = codecs.lookup_error(errors)(error)
            parts.append(encode(replacement)[0] if isinstance(replacement, str) else replacement)

    return encode


def search(name):
    """Finds a codec by its name, as `codecs.register` asks."""
    for label in (name, name.replace("_", "-"), name.replace("cp936", "gbk")):
        if _east_asian.is_known(label):
            break
    else:
        return None
    decode, encode = _decoder(name, label), _encoder(name, label)

    class Decoder(codecs.BufferedIncrementalDecoder):
        def _buffer_decode(self, data, errors, final):
            return decode(data, errors, final)

    class Encoder(codecs.IncrementalEncoder):
        def encode(self, text, final=False):
            return encode(text, self.errors)[0]

    class Reader(codecs.StreamReader):
        def decode(self, data, errors="strict"):
            return decode(data, errors, False)

    class Writer(codecs.StreamWriter):
        def encode(self, text, errors="strict"):
            return encode(text, errors)

    return codecs.CodecInfo(
        encode, lambda data, errors="strict": decode(data, errors), Reader, Writer, Encoder, Decoder, name=name
    )
