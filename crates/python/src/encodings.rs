//! The native half of the East Asian encodings (GBK, GB18030, Big5, Shift_JIS, EUC-KR ...), which CPython has in C.
//!
//! `lib/_lyceum/east_asian.py` makes codecs of it and sees to error handlers. The tables are those of the WHATWG
//! standard, from the crate `encoding_rs`: what is called `gb2312` is read as its superset GBK.

use rustpython_vm::{Context, builtins::PyModuleDef};

pub(crate) fn module_def(ctx: &Context) -> &'static PyModuleDef {
    _east_asian::module_def(ctx)
}

#[rustpython_vm::pymodule]
mod _east_asian {
    use encoding_rs::{DecoderResult, EncoderResult, Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE};
    use rustpython_vm::{PyObjectRef, PyResult, VirtualMachine, builtins::PyUtf8StrRef, function::ArgBytesLike};

    fn encoding(label: &PyUtf8StrRef, vm: &VirtualMachine) -> PyResult<&'static Encoding> {
        let label = label.as_str();
        Encoding::for_label(label.as_bytes()).ok_or_else(|| vm.new_lookup_error(format!("unknown encoding: {label}")))
    }

    /// Whether that is the name of an East Asian encoding.
    #[pyfunction]
    fn is_known(label: PyUtf8StrRef, _vm: &VirtualMachine) -> bool {
        let is_pythons_own = |encoding| [UTF_8, UTF_16BE, UTF_16LE, REPLACEMENT].contains(&encoding);
        Encoding::for_label(label.as_str().as_bytes())
            .is_some_and(|encoding| !encoding.is_single_byte() && !is_pythons_own(encoding))
    }

    /// Decodes from `start` on and returns the text, where decoding ended, and how many bytes there are wrong: 0 at
    /// the end of the data, or before the first bytes of a character that is still to come when `last` is false.
    #[pyfunction]
    fn decode(
        label: PyUtf8StrRef,
        data: ArgBytesLike,
        start: usize,
        last: bool,
        vm: &VirtualMachine,
    ) -> PyResult<(String, usize, usize)> {
        let data = data.borrow_buf();
        let rest = data.get(start..).unwrap_or_default();
        let mut decoder = encoding(&label, vm)?.new_decoder_without_bom_handling();
        let mut text = String::new();
        let mut read = 0;
        loop {
            let needed = decoder.max_utf8_buffer_length_without_replacement(rest.len() - read);
            text.reserve(needed.ok_or_else(|| vm.new_memory_error(""))?);
            let (result, count) = decoder.decode_to_string_without_replacement(&rest[read..], &mut text, true);
            read += count;
            match result {
                DecoderResult::InputEmpty => return Ok((text, start + read, 0)),
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(wrong, after) => {
                    let (wrong, after) = (usize::from(wrong), usize::from(after));
                    let position = read.saturating_sub(wrong + after);
                    let is_unfinished = !last && position + wrong + after >= rest.len();
                    return Ok((text, start + position, if is_unfinished { 0 } else { wrong.max(1) }));
                }
            }
        }
    }

    /// Encodes up to the first character that the encoding lacks; returns the bytes and that character's index, or
    /// None when all of the text was encoded.
    #[pyfunction]
    fn encode(label: PyUtf8StrRef, text: PyUtf8StrRef, vm: &VirtualMachine) -> PyResult<(PyObjectRef, Option<usize>)> {
        let text = text.as_str();
        let mut encoder = encoding(&label, vm)?.new_encoder();
        let mut bytes = Vec::new();
        let mut read = 0;
        loop {
            let needed = encoder.max_buffer_length_from_utf8_without_replacement(text.len() - read);
            bytes.reserve(needed.ok_or_else(|| vm.new_memory_error(""))?);
            let (result, count) = encoder.encode_from_utf8_to_vec_without_replacement(&text[read..], &mut bytes, true);
            read += count;
            match result {
                EncoderResult::InputEmpty => return Ok((vm.ctx.new_bytes(bytes).into(), None)),
                EncoderResult::OutputFull => {}
                EncoderResult::Unmappable(_) => {
                    let index = text[..read].chars().count() - 1;
                    return Ok((vm.ctx.new_bytes(bytes).into(), Some(index)));
                }
            }
        }
    }
}
