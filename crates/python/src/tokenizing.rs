//! The native module `_lyceum_tokenizers`: Hugging Face's tokenizers, for `tokenizers` and `lyceum.text`.
//!
//! A tokenizer and each of its parts (model, normalizer, pre-tokenizer, post-processor, decoder) come and go as the JSON
//! that stands in `tokenizer.json`, so the Python half is a matter of dicts. The crate reads what may have come from
//! anywhere: texts have a limit, and what it did not foresee ends in a `ValueError` too.

use rustpython_vm::{Context, builtins::PyModuleDef};

pub(crate) fn module_def(ctx: &Context) -> &'static PyModuleDef {
    module::module_def(ctx)
}

#[rustpython_vm::pymodule(name = "_lyceum_tokenizers")]
mod module {
    use std::{
        cell::RefCell,
        collections::{BTreeMap, HashSet},
        panic::{AssertUnwindSafe, catch_unwind},
    };

    use rustpython_vm::{
        PyObject, PyObjectRef, PyPayload, PyResult, VirtualMachine,
        builtins::{PyDictRef, PyList, PyStr, PyStrRef, PyTuple},
        pyclass,
    };
    use serde::{Deserialize, de::DeserializeOwned};
    use tokenizers::{
        AddedToken, EncodeInput, Encoding, InputSequence,
        models::{TrainerWrapper, bpe::BpeTrainer, wordlevel::WordLevelTrainer, wordpiece::WordPieceTrainer},
    };

    /// The most text that one call takes, in bytes.
    const MOST_TEXT: usize = 256 << 20;

    /// The longest JSON of a tokenizer, in bytes: the largest that are in use have about 30 MB.
    const LONGEST_JSON: usize = 128 << 20;

    /// The most tokens that a vocabulary is trained to.
    const LARGEST_VOCABULARY: usize = 1 << 20;

    /// A tokenizer.
    #[pyattr]
    #[pyclass(module = "_lyceum_tokenizers", name = "Tokenizer")]
    #[derive(Debug, PyPayload)]
    struct Tokenizer {
        inner: RefCell<tokenizers::Tokenizer>,
    }

    /// How to train, as Python says it.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Training {
        r#type: String,
        vocab_size: usize,
        min_frequency: u64,
        special_tokens: Vec<AddedToken>,
        #[serde(default)]
        limit_alphabet: Option<usize>,
        #[serde(default)]
        initial_alphabet: Vec<char>,
        #[serde(default)]
        continuing_subword_prefix: Option<String>,
        #[serde(default)]
        end_of_word_suffix: Option<String>,
        #[serde(default)]
        max_token_length: Option<usize>,
    }

    impl Training {
        fn trainer(self) -> Result<TrainerWrapper, String> {
            if self.vocab_size > LARGEST_VOCABULARY {
                return Err(format!("a vocabulary of more than {LARGEST_VOCABULARY} tokens cannot be trained"));
            }
            let alphabet: HashSet<char> = self.initial_alphabet.into_iter().collect();
            Ok(match self.r#type.as_str() {
                "BpeTrainer" => {
                    let mut builder = BpeTrainer::builder()
                        .show_progress(false)
                        .vocab_size(self.vocab_size)
                        .min_frequency(self.min_frequency)
                        .special_tokens(self.special_tokens)
                        .initial_alphabet(alphabet)
                        .max_token_length(self.max_token_length);
                    if let Some(limit) = self.limit_alphabet {
                        builder = builder.limit_alphabet(limit);
                    }
                    if let Some(prefix) = self.continuing_subword_prefix {
                        builder = builder.continuing_subword_prefix(prefix);
                    }
                    if let Some(suffix) = self.end_of_word_suffix {
                        builder = builder.end_of_word_suffix(suffix);
                    }
                    builder.build().into()
                }
                "WordPieceTrainer" => {
                    let mut builder = WordPieceTrainer::builder()
                        .show_progress(false)
                        .vocab_size(self.vocab_size)
                        .min_frequency(self.min_frequency)
                        .special_tokens(self.special_tokens)
                        .initial_alphabet(alphabet);
                    if let Some(limit) = self.limit_alphabet {
                        builder = builder.limit_alphabet(limit);
                    }
                    if let Some(prefix) = self.continuing_subword_prefix {
                        builder = builder.continuing_subword_prefix(prefix);
                    }
                    if let Some(suffix) = self.end_of_word_suffix {
                        builder = builder.end_of_word_suffix(suffix);
                    }
                    builder.build().into()
                }
                "WordLevelTrainer" => WordLevelTrainer::builder()
                    .show_progress(false)
                    .vocab_size(self.vocab_size)
                    .min_frequency(self.min_frequency)
                    .special_tokens(self.special_tokens)
                    .build()
                    .map_err(|error| error.to_string())?
                    .into(),
                other => return Err(format!("there is no trainer {other:?}")),
            })
        }
    }

    /// Reads a tokenizer from the text of a `tokenizer.json`.
    #[pyfunction]
    fn from_json(text: PyStrRef, vm: &VirtualMachine) -> PyResult<Tokenizer> {
        let text = text.to_string_lossy();
        check_length(text.len(), vm)?;
        let inner = careful(vm, || tokenizers::Tokenizer::from_bytes(text.as_bytes()))?;
        Ok(Tokenizer { inner: RefCell::new(inner) })
    }

    #[pyclass]
    impl Tokenizer {
        /// The text of its `tokenizer.json`.
        #[pymethod]
        fn to_json(&self, is_pretty: bool, vm: &VirtualMachine) -> PyResult<String> {
            careful(vm, || self.inner.borrow().to_string(is_pretty))
        }

        /// Replaces a part by what its JSON says; `null` takes it out.
        #[pymethod]
        fn set_part(&self, part: PyStrRef, json: PyStrRef, vm: &VirtualMachine) -> PyResult<()> {
            let (part, json) = (part.to_string_lossy(), json.to_string_lossy());
            check_length(json.len(), vm)?;
            let mut inner = self.inner.borrow_mut();
            careful(vm, || {
                match &*part {
                    "model" => {
                        inner.with_model(required::<tokenizers::ModelWrapper>(&json)?);
                    }
                    "normalizer" => {
                        inner.with_normalizer(optional::<tokenizers::NormalizerWrapper>(&json)?)?;
                    }
                    "pre_tokenizer" => {
                        inner.with_pre_tokenizer(optional::<tokenizers::PreTokenizerWrapper>(&json)?);
                    }
                    "post_processor" => {
                        inner.with_post_processor(optional::<tokenizers::PostProcessorWrapper>(&json)?);
                    }
                    "decoder" => {
                        inner.with_decoder(optional::<tokenizers::DecoderWrapper>(&json)?);
                    }
                    "padding" => {
                        inner.with_padding(optional::<tokenizers::PaddingParams>(&json)?);
                    }
                    "truncation" => {
                        inner.with_truncation(optional::<tokenizers::TruncationParams>(&json)?)?;
                    }
                    other => return Err(format!("a tokenizer has no {other}").into()),
                }
                Ok(())
            })
        }

        /// Learns a vocabulary from texts, as the JSON of a trainer says.
        #[pymethod]
        fn train(&self, training: PyStrRef, texts: PyObjectRef, vm: &VirtualMachine) -> PyResult<()> {
            let texts = strings(&texts, vm)?;
            let training = training.to_string_lossy();
            let mut inner = self.inner.borrow_mut();
            careful(vm, || {
                let mut trainer = required::<Training>(&training)?.trainer()?;
                inner.train(&mut trainer, texts.iter().map(String::as_str)).map(|_| ())
            })
        }

        /// Encodes a list of inputs: each is a text or a list of words, or a pair of them in a tuple.
        #[pymethod]
        fn encode_batch(&self, inputs: PyObjectRef, add_special_tokens: bool, vm: &VirtualMachine) -> PyResult {
            let mut room = MOST_TEXT;
            let items: Vec<PyObjectRef> = vm.extract_elements_with(&inputs, Ok)?;
            let inputs: Vec<EncodeInput<'static>> =
                items.iter().map(|item| input(item, &mut room, vm)).collect::<PyResult<_>>()?;
            let encodings = careful(vm, || self.inner.borrow().encode_batch_char_offsets(inputs, add_special_tokens))?;
            let encodings = encodings.iter().map(|encoding| facts(encoding, vm)).collect::<PyResult<_>>()?;
            Ok(vm.ctx.new_list(encodings).into())
        }

        /// The text of ids.
        #[pymethod]
        fn decode(&self, ids: PyObjectRef, skip_special_tokens: bool, vm: &VirtualMachine) -> PyResult<String> {
            let ids: Vec<u32> =
                vm.extract_elements_with(&ids, |item| item.try_index(vm)?.try_to_primitive::<u32>(vm))?;
            careful(vm, || self.inner.borrow().decode(&ids, skip_special_tokens))
        }

        #[pymethod]
        fn token_to_id(&self, token: PyStrRef, vm: &VirtualMachine) -> PyResult<Option<u32>> {
            careful(vm, || Ok(self.inner.borrow().token_to_id(&token.to_string_lossy())))
        }

        #[pymethod]
        fn id_to_token(&self, id: u32, vm: &VirtualMachine) -> PyResult<Option<String>> {
            careful(vm, || Ok(self.inner.borrow().id_to_token(id)))
        }

        /// The vocabulary as a dict, in the order of the ids.
        #[pymethod]
        fn vocab(&self, with_added_tokens: bool, vm: &VirtualMachine) -> PyResult<PyDictRef> {
            let vocabulary = careful(vm, || Ok(self.inner.borrow().get_vocab(with_added_tokens)))?;
            let ordered: BTreeMap<(u32, String), ()> =
                vocabulary.into_iter().map(|(token, id)| ((id, token), ())).collect();
            let dict = vm.ctx.new_dict();
            for ((id, token), ()) in ordered {
                dict.set_item(token.as_str(), vm.ctx.new_int(id).into(), vm)?;
            }
            Ok(dict)
        }

        #[pymethod]
        fn vocab_size(&self, with_added_tokens: bool, vm: &VirtualMachine) -> PyResult<usize> {
            careful(vm, || Ok(self.inner.borrow().get_vocab_size(with_added_tokens)))
        }

        /// Adds tokens, given as JSON; returns how many were new.
        #[pymethod]
        fn add_tokens(&self, tokens: PyStrRef, are_special: bool, vm: &VirtualMachine) -> PyResult<usize> {
            let tokens = tokens.to_string_lossy();
            check_length(tokens.len(), vm)?;
            let mut inner = self.inner.borrow_mut();
            careful(vm, || {
                let tokens = required::<Vec<AddedToken>>(&tokens)?;
                if are_special { inner.add_special_tokens(tokens) } else { inner.add_tokens(tokens) }
            })
        }

        /// How many tokens the post-processor adds.
        #[pymethod]
        fn num_special_tokens_to_add(&self, is_pair: bool, vm: &VirtualMachine) -> PyResult<usize> {
            careful(vm, || {
                use tokenizers::PostProcessor;
                Ok(self.inner.borrow().get_post_processor().map_or(0, |processor| processor.added_tokens(is_pair)))
            })
        }
    }

    /// Runs the crate, and makes exceptions of its errors and of what it did not foresee.
    fn careful<T>(vm: &VirtualMachine, work: impl FnOnce() -> tokenizers::Result<T>) -> PyResult<T> {
        match catch_unwind(AssertUnwindSafe(work)) {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(vm.new_value_error(error.to_string())),
            Err(_) => Err(vm.new_value_error("the tokenizer's parts do not fit together")),
        }
    }

    fn required<T: DeserializeOwned>(json: &str) -> tokenizers::Result<T> {
        Ok(serde_json::from_str(json)?)
    }

    fn optional<T: DeserializeOwned>(json: &str) -> tokenizers::Result<Option<T>> {
        if json == "null" { Ok(None) } else { required(json).map(Some) }
    }

    fn check_length(length: usize, vm: &VirtualMachine) -> PyResult<()> {
        if length > LONGEST_JSON {
            let (length, limit) = (length >> 20, LONGEST_JSON >> 20);
            return Err(vm.new_value_error(format!("a tokenizer of {length} MiB is too large: {limit} are allowed")));
        }
        Ok(())
    }

    fn text(object: &PyObject, room: &mut usize, vm: &VirtualMachine) -> PyResult<String> {
        let Some(text) = object.downcast_ref::<PyStr>() else {
            return Err(vm.new_type_error(format!("a text must be a str, not {}", object.class().name())));
        };
        let text = text.to_string_lossy().into_owned();
        *room = room.checked_sub(text.len()).ok_or_else(|| {
            vm.new_value_error(format!("the texts are too long: {} MiB in all are allowed", MOST_TEXT >> 20))
        })?;
        Ok(text)
    }

    fn strings(objects: &PyObject, vm: &VirtualMachine) -> PyResult<Vec<String>> {
        let mut room = MOST_TEXT;
        let objects: Vec<PyObjectRef> = vm.extract_elements_with(objects, Ok)?;
        objects.iter().map(|object| text(object, &mut room, vm)).collect()
    }

    fn input(object: &PyObject, room: &mut usize, vm: &VirtualMachine) -> PyResult<EncodeInput<'static>> {
        match object.downcast_ref::<PyTuple>().map(|pair| pair.as_slice()) {
            Some([first, second]) => Ok(EncodeInput::Dual(sequence(first, room, vm)?, sequence(second, room, vm)?)),
            _ => Ok(EncodeInput::Single(sequence(object, room, vm)?)),
        }
    }

    fn sequence(object: &PyObject, room: &mut usize, vm: &VirtualMachine) -> PyResult<InputSequence<'static>> {
        if let Some(words) = object.downcast_ref::<PyList>() {
            let words = words.borrow_vec().to_vec();
            let words: Vec<String> = words.iter().map(|word| text(word, room, vm)).collect::<PyResult<_>>()?;
            return Ok(words.into());
        }
        Ok(text(object, room, vm)?.into())
    }

    /// An encoding as a dict of lists.
    fn facts(encoding: &Encoding, vm: &VirtualMachine) -> PyResult {
        let ctx = &vm.ctx;
        let numbers = |numbers: &[u32]| -> PyObjectRef {
            ctx.new_list(numbers.iter().map(|number| ctx.new_int(*number).into()).collect()).into()
        };
        let optional = |numbers: &[Option<u32>]| -> PyObjectRef {
            let item = |number: &Option<u32>| number.map_or_else(|| ctx.none(), |number| ctx.new_int(number).into());
            ctx.new_list(numbers.iter().map(item).collect()).into()
        };
        let dict = ctx.new_dict();
        dict.set_item("ids", numbers(encoding.get_ids()), vm)?;
        dict.set_item("type_ids", numbers(encoding.get_type_ids()), vm)?;
        let tokens = encoding.get_tokens().iter().map(|token| ctx.new_str(token.as_str()).into()).collect();
        dict.set_item("tokens", ctx.new_list(tokens).into(), vm)?;
        dict.set_item("word_ids", optional(encoding.get_word_ids()), vm)?;
        let sequences: Vec<Option<u32>> =
            encoding.get_sequence_ids().into_iter().map(|id| id.and_then(|id| u32::try_from(id).ok())).collect();
        dict.set_item("sequence_ids", optional(&sequences), vm)?;
        let pair = |(from, to): &(usize, usize)| -> PyObjectRef {
            ctx.new_tuple(vec![ctx.new_int(*from).into(), ctx.new_int(*to).into()]).into()
        };
        dict.set_item("offsets", ctx.new_list(encoding.get_offsets().iter().map(pair).collect()).into(), vm)?;
        dict.set_item("special_tokens_mask", numbers(encoding.get_special_tokens_mask()), vm)?;
        dict.set_item("attention_mask", numbers(encoding.get_attention_mask()), vm)?;
        let overflowing = encoding.get_overflowing().iter().map(|part| facts(part, vm)).collect::<PyResult<_>>()?;
        dict.set_item("overflowing", ctx.new_list(overflowing).into(), vm)?;
        Ok(dict.into())
    }
}
