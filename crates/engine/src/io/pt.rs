//! torch's `.pt` / `.pth` archives (the zip format of `torch.save` since PyTorch 1.6): state dicts, tensors, and plain
//! data around them. Reading only; no pickle is executed.
//!
//! An archive holds `NAME/data.pkl`, a pickle whose tensors point to storages, and `NAME/data/KEY`, the storages'
//! bytes, uncompressed. The pickle may use only the names in `Host::reduce` of this file; everything else is
//! refused by its name. Limits: a pickle of 64 MiB, 64 dimensions, and no more storage bytes than the file has.

use std::collections::HashMap;
use std::io::{Cursor, Read};
use std::sync::Arc;

use zip::{CompressionMethod, ZipArchive};

use super::pickle::{Host, Machine, Node, NodeId, damaged};
use super::{IoError, checked_numel, normalized};
use crate::dtype::DType;

const MAX_PICKLE: u64 = 64 << 20;

/// How the format before PyTorch 1.6 begins: a pickle of its magic number.
const OLD_FORMAT: &[u8] = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.";

/// The index of a value in [`PtFile::values`].
pub type ValueId = usize;

/// The content of an archive: values that refer to each other by index.
///
/// **Invariant:** a value refers only to values before it. So a loop over `values` can build them in order, and an
/// object that occurs twice stays one object.
#[derive(Debug, Clone, PartialEq)]
pub struct PtFile {
    /// All values that the root reaches, parts before wholes.
    pub values: Vec<PtValue>,
    /// What was saved.
    pub root: ValueId,
}

impl PtFile {
    /// The saved value.
    pub fn root(&self) -> &PtValue {
        &self.values[self.root]
    }

    /// The value under a text key of a dict.
    pub fn get(&self, dict: &PtValue, key: &str) -> Option<&PtValue> {
        let PtValue::Dict { items, .. } = dict else { return None };
        let is_key = |id: ValueId| matches!(&self.values[id], PtValue::Str(text) if text == key);
        // The last of equal keys counts, as in Python.
        items.iter().rev().find(|item| is_key(item.0)).map(|item| &self.values[item.1])
    }
}

/// One value of an archive.
#[derive(Debug, Clone, PartialEq)]
pub enum PtValue {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// An integer of up to 64 bits.
    Int(i64),
    /// A float.
    Float(f64),
    /// A text.
    Str(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A tuple.
    Tuple(Vec<ValueId>),
    /// A list.
    List(Vec<ValueId>),
    /// A set.
    Set(Vec<ValueId>),
    /// A dict, with its items in order; of equal keys the last counts.
    Dict {
        /// Whether it was a `collections.OrderedDict`, as state dicts are.
        ordered: bool,
        /// Keys and values.
        items: Vec<(ValueId, ValueId)>,
        /// A dict of the attributes set on it: a state dict's `_metadata`.
        attributes: Option<ValueId>,
    },
    /// A tensor, plain or a parameter.
    Tensor(PtTensor),
    /// A `torch.Size`.
    Size(Vec<i64>),
    /// A dtype by its name in torch, without the `torch.`.
    DType(String),
    /// A device by its name; the tensors themselves are all loaded to the CPU.
    Device(String),
}

/// A strided view of a storage.
///
/// **Invariant:** every element lies inside the storage; the number of elements fits an `isize`.
#[derive(Debug, Clone, PartialEq)]
pub struct PtTensor {
    /// The elements; views of one storage share it.
    pub storage: Arc<PtStorage>,
    /// The size of each dimension.
    pub shape: Vec<usize>,
    /// The step of each dimension, in elements.
    pub strides: Vec<usize>,
    /// The first element.
    pub offset: usize,
    /// Whether it asks for gradients.
    pub requires_grad: bool,
    /// Whether it was an `nn.Parameter`.
    pub is_parameter: bool,
}

/// The elements that one or more tensors view.
#[derive(Debug, PartialEq, Eq)]
pub struct PtStorage {
    /// The element type, after widening.
    pub dtype: DType,
    /// The elements, little endian.
    pub bytes: Vec<u8>,
}

impl PtStorage {
    /// The number of elements.
    pub fn numel(&self) -> usize {
        self.bytes.len() / self.dtype.size()
    }
}

/// Reads what `torch.save` wrote. float16 and bfloat16 become float32.
///
/// # Errors
/// [`IoError::Archive`] for a damaged file, [`IoError::Refused`] for anything but plain data and tensors,
/// [`IoError::Unsupported`] for other versions of the format and other dtypes.
pub fn read_pt(bytes: &[u8]) -> Result<PtFile, IoError> {
    let mut loader = Loader::open(bytes)?;
    let pickle = loader.entry("data.pkl", MAX_PICKLE)?;
    let (machine, root) = Machine::run(&pickle, &mut loader)?;
    loader.collect(&machine, root)
}

/// The archive while its pickle runs.
struct Loader<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// The folder that all entries are in.
    prefix: String,
    /// Storage bytes that may still be read.
    budget: u64,
    storages: Vec<Arc<PtStorage>>,
    by_key: HashMap<(String, DType), usize>,
    made: Vec<PtValue>,
}

impl<'a> Loader<'a> {
    fn open(bytes: &'a [u8]) -> Result<Self, IoError> {
        if bytes.starts_with(OLD_FORMAT) {
            return Err(unsupported(
                "the format that torch.save wrote before PyTorch 1.6 (save the file again with a newer PyTorch)",
            ));
        }
        if !bytes.starts_with(b"PK") {
            return Err(damaged("it is no zip file"));
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(error.to_string()))?;
        let names: Vec<String> = archive.file_names().flatten().map(Into::into).collect();
        if names.iter().any(|name| name.ends_with("/constants.pkl")) {
            return Err(unsupported("a TorchScript archive"));
        }
        let pickles = names.iter().filter_map(|name| name.strip_suffix("/data.pkl"));
        let mut prefixes = pickles.filter(|prefix| !prefix.contains('/'));
        let prefix = match (prefixes.next(), prefixes.next()) {
            (Some(prefix), None) => prefix.to_owned(),
            _ => return Err(damaged("it does not hold exactly one data.pkl in a folder")),
        };
        let mut loader = Self {
            archive,
            prefix,
            budget: bytes.len() as u64,
            storages: Vec::new(),
            by_key: HashMap::new(),
            made: Vec::new(),
        };
        if loader.has("byteorder") && loader.entry("byteorder", 16)? != b"little" {
            return Err(unsupported("a big-endian archive"));
        }
        Ok(loader)
    }

    fn has(&self, name: &str) -> bool {
        self.archive.index_for_name(&format!("{}/{name}", self.prefix)).is_some()
    }

    /// Reads one entry whole.
    fn entry(&mut self, name: &str, limit: u64) -> Result<Vec<u8>, IoError> {
        let path = format!("{}/{name}", self.prefix);
        let broken = |error: &dyn std::fmt::Display| damaged(format!("entry `{path}`: {error}"));
        let index = self.archive.index_for_name(&path);
        let index = index.ok_or_else(|| damaged(format!("it has no entry `{path}`")))?;
        let raw = self.archive.by_index_raw(index).map_err(|error| broken(&error))?;
        let size = raw.size();
        if raw.encrypted() || raw.compression() != CompressionMethod::Stored {
            return Err(unsupported("a compressed or encrypted archive (torch.save stores its entries as they are)"));
        }
        drop(raw);
        if size > limit {
            return Err(unsupported(&format!("an entry `{path}` of {size} bytes (at most {limit} are read)")));
        }
        self.budget = self
            .budget
            .checked_sub(size)
            .ok_or_else(|| damaged("its entries overlap or claim more bytes than the file has"))?;
        let mut content = Vec::with_capacity(size as usize);
        let entry = self.archive.by_index(index).map_err(|error| broken(&error))?;
        entry.take(size).read_to_end(&mut content).map_err(|error| broken(&error))?;
        if content.len() as u64 != size {
            return Err(broken(&"it is cut off"));
        }
        Ok(content)
    }

    fn make(&mut self, value: PtValue) -> Node {
        self.made.push(value);
        Node::Made(self.made.len() - 1)
    }

    /// `_rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks, metadata=None)`
    fn rebuild_tensor(&self, machine: &Machine, arguments: &[NodeId]) -> Result<PtTensor, IoError> {
        let wrong = || damaged("a tensor's description has an unexpected form");
        let [storage, offset, shape, strides, requires_grad, ..] = arguments else {
            return Err(wrong());
        };
        let (Node::Persistent(storage), Node::Bool(requires_grad)) =
            (machine.node(*storage), machine.node(*requires_grad))
        else {
            return Err(wrong());
        };
        let storage = Arc::clone(self.storages.get(*storage).ok_or_else(wrong)?);
        let shape = sizes(machine, *shape).ok_or_else(wrong)?;
        let strides = sizes(machine, *strides).ok_or_else(wrong)?;
        let offset = size(machine.node(*offset)).ok_or_else(wrong)?;
        if shape.len() != strides.len() {
            return Err(wrong());
        }
        let numel =
            checked_numel(&shape).ok_or_else(|| damaged(format!("a tensor has the impossible shape {shape:?}")))?;
        let steps = shape.iter().zip(&strides);
        let last = steps
            .filter(|_| numel > 0)
            .try_fold(offset, |last, (&size, &stride)| last.checked_add((size - 1).checked_mul(stride)?));
        let outside = || damaged("a tensor reaches outside its storage");
        if numel > 0 && last.ok_or_else(outside)? >= storage.numel() {
            return Err(outside());
        }
        let offset = if numel == 0 { 0 } else { offset };
        Ok(PtTensor { storage, shape, strides, offset, requires_grad: *requires_grad, is_parameter: false })
    }

    /// Turns the machine's values into the file's: those the root reaches, parts first, without recursion.
    fn collect(&self, machine: &Machine, root: NodeId) -> Result<PtFile, IoError> {
        enum Visit {
            Enter(NodeId),
            Leave(NodeId),
        }
        let mut values = Vec::new();
        // None while a value's parts are being visited.
        let mut ids: HashMap<NodeId, Option<ValueId>> = HashMap::new();
        let mut work = vec![Visit::Enter(root)];
        while let Some(visit) = work.pop() {
            match visit {
                Visit::Enter(node) => match ids.get(&node) {
                    Some(Some(_)) => {}
                    Some(None) => return Err(unsupported("a value that contains itself")),
                    None => {
                        ids.insert(node, None);
                        work.push(Visit::Leave(node));
                        work.extend(parts(machine.node(node)).map(Visit::Enter));
                    }
                },
                Visit::Leave(node) => {
                    let value =
                        self.value(machine.node(node), |part| ids.get(&part).copied().flatten().unwrap_or_default())?;
                    ids.insert(node, Some(values.len()));
                    values.push(value);
                }
            }
        }
        let root = values.len() - 1;
        Ok(PtFile { values, root })
    }

    fn value(&self, node: &Node, id: impl Fn(NodeId) -> ValueId) -> Result<PtValue, IoError> {
        let ids = |nodes: &[NodeId]| nodes.iter().map(|&node| id(node)).collect();
        Ok(match node {
            Node::None => PtValue::None,
            Node::Bool(value) => PtValue::Bool(*value),
            Node::Int(value) => PtValue::Int(*value),
            Node::Float(value) => PtValue::Float(*value),
            Node::Str(value) => PtValue::Str(value.clone()),
            Node::Bytes(value) => PtValue::Bytes(value.clone()),
            Node::Tuple(items) => PtValue::Tuple(ids(items)),
            Node::List(items) => PtValue::List(ids(items)),
            Node::Set(items) => PtValue::Set(ids(items)),
            Node::Dict { ordered, items, attributes } => PtValue::Dict {
                ordered: *ordered,
                items: items.iter().map(|&(key, value)| (id(key), id(value))).collect(),
                attributes: attributes.map(&id),
            },
            Node::Global(name) => match name.strip_prefix("torch.").filter(|name| is_dtype(name)) {
                Some(dtype) => PtValue::DType(dtype.to_owned()),
                None => return Err(IoError::Refused { name: name.clone() }),
            },
            Node::Persistent(_) => return Err(IoError::Refused { name: "a storage by itself".to_owned() }),
            Node::Made(index) => self.made.get(*index).cloned().ok_or_else(|| damaged("a value is missing"))?,
        })
    }
}

impl Host for Loader<'_> {
    /// `('storage', storage class, key, location, number of elements)`
    fn persistent(&mut self, machine: &Machine, id: NodeId) -> Result<Node, IoError> {
        let wrong = || damaged("a storage's description has an unexpected form");
        let Node::Tuple(parts) = machine.node(id) else { return Err(wrong()) };
        let [tag, class, key, _location, numel] = parts.as_slice() else { return Err(wrong()) };
        let (Node::Str(tag), Node::Global(class), Node::Str(key)) =
            (machine.node(*tag), machine.node(*class), machine.node(*key))
        else {
            return Err(wrong());
        };
        let numel = size(machine.node(*numel)).ok_or_else(wrong)?;
        if tag != "storage" {
            return Err(wrong());
        }
        let dtype = storage_class(class)?;
        let known = self.by_key.get(&(key.clone(), dtype));
        if let Some(&index) = known {
            return Ok(Node::Persistent(index));
        }
        let content = self.entry(&format!("data/{key}"), u64::MAX)?;
        let used = numel.checked_mul(dtype.size()).and_then(|length| content.get(..length));
        let used = used.ok_or_else(|| damaged(format!("storage {key} is shorter than it claims")))?;
        let storage = PtStorage { dtype, bytes: normalized(dtype, used) };
        self.by_key.insert((key.clone(), dtype), self.storages.len());
        self.storages.push(Arc::new(storage));
        Ok(Node::Persistent(self.storages.len() - 1))
    }

    fn reduce(&mut self, machine: &Machine, global: &str, arguments: &[NodeId]) -> Result<Node, IoError> {
        let wrong = || damaged(format!("`{global}` has unexpected arguments"));
        let first = arguments.first().map(|&argument| machine.node(argument));
        match global {
            "torch._utils._rebuild_tensor_v2" => {
                let tensor = self.rebuild_tensor(machine, arguments)?;
                Ok(self.make(PtValue::Tensor(tensor)))
            }
            "torch._utils._rebuild_parameter" => {
                let requires_grad = arguments.get(1).map(|&argument| machine.node(argument));
                let (Some(Node::Made(index)), Some(Node::Bool(requires_grad))) = (first, requires_grad) else {
                    return Err(wrong());
                };
                let Some(PtValue::Tensor(data)) = self.made.get(*index) else { return Err(wrong()) };
                let parameter = PtTensor { requires_grad: *requires_grad, is_parameter: true, ..data.clone() };
                Ok(self.make(PtValue::Tensor(parameter)))
            }
            "torch.Size" => {
                let items = first.and_then(list_items).ok_or_else(wrong)?;
                let sizes: Option<Vec<i64>> = items.iter().map(|&item| int(machine.node(item))).collect();
                let size = PtValue::Size(sizes.ok_or_else(wrong)?);
                Ok(self.make(size))
            }
            "torch.device" => {
                let Some(Node::Str(kind)) = first else { return Err(wrong()) };
                let index = arguments.get(1).and_then(|&argument| int(machine.node(argument)));
                let device = index.map_or_else(|| kind.clone(), |index| format!("{kind}:{index}"));
                Ok(self.make(PtValue::Device(device)))
            }
            "collections.OrderedDict" => {
                let items = match first {
                    None => Vec::new(),
                    Some(items) => {
                        let items = list_items(items).ok_or_else(wrong)?.iter();
                        let pair = |&item: &NodeId| match list_items(machine.node(item))? {
                            &[key, value] => Some((key, value)),
                            _ => None,
                        };
                        items.map(pair).collect::<Option<Vec<_>>>().ok_or_else(wrong)?
                    }
                };
                Ok(Node::Dict { ordered: true, items, attributes: None })
            }
            "builtins.set" | "__builtin__.set" | "builtins.frozenset" | "__builtin__.frozenset" => {
                let items = match first {
                    None => Vec::new(),
                    Some(items) => list_items(items).ok_or_else(wrong)?.to_vec(),
                };
                Ok(Node::Set(items))
            }
            "_codecs.encode" => {
                let encoding = arguments.get(1).map(|&argument| machine.node(argument));
                match (first, encoding) {
                    (Some(Node::Str(text)), Some(Node::Str(encoding))) if encoding == "latin1" => {
                        let bytes = text.chars().map(|letter| u8::try_from(u32::from(letter)));
                        Ok(Node::Bytes(bytes.collect::<Result<_, _>>().map_err(|_| wrong())?))
                    }
                    _ => Err(wrong()),
                }
            }
            other => Err(IoError::Refused { name: other.to_owned() }),
        }
    }
}

fn unsupported(what: &str) -> IoError {
    IoError::Unsupported { what: what.to_owned() }
}

fn parts(node: &Node) -> Box<dyn Iterator<Item = NodeId> + '_> {
    match node {
        Node::Tuple(items) | Node::List(items) | Node::Set(items) => Box::new(items.iter().copied()),
        Node::Dict { items, attributes, .. } => {
            Box::new(items.iter().flat_map(|&(key, value)| [key, value]).chain(*attributes))
        }
        _ => Box::new(std::iter::empty()),
    }
}

fn list_items(node: &Node) -> Option<&[NodeId]> {
    match node {
        Node::Tuple(items) | Node::List(items) => Some(items),
        _ => None,
    }
}

fn int(node: &Node) -> Option<i64> {
    match node {
        Node::Int(value) => Some(*value),
        _ => None,
    }
}

fn size(node: &Node) -> Option<usize> {
    int(node).and_then(|value| usize::try_from(value).ok())
}

fn sizes(machine: &Machine, tuple: NodeId) -> Option<Vec<usize>> {
    list_items(machine.node(tuple))?.iter().map(|&item| size(machine.node(item))).collect()
}

fn storage_class(class: &str) -> Result<DType, IoError> {
    Ok(match class {
        "torch.BoolStorage" => DType::Bool,
        "torch.ByteStorage" => DType::U8,
        "torch.IntStorage" => DType::I32,
        "torch.LongStorage" => DType::I64,
        "torch.FloatStorage" => DType::F32,
        "torch.DoubleStorage" => DType::F64,
        "torch.HalfStorage" => DType::F16,
        "torch.BFloat16Storage" => DType::BF16,
        other => match other.strip_prefix("torch.").and_then(|name| name.strip_suffix("Storage")) {
            Some(name) => return Err(unsupported(&format!("a {name} tensor"))),
            None => return Err(IoError::Refused { name: other.to_owned() }),
        },
    })
}

fn is_dtype(name: &str) -> bool {
    const NAMES: [&str; 14] = [
        "bool",
        "uint8",
        "int8",
        "int16",
        "int32",
        "int64",
        "float16",
        "bfloat16",
        "float32",
        "float64",
        "complex64",
        "complex128",
        "float",
        "double",
    ];
    NAMES.contains(&name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A file that real PyTorch 2.15 wrote (`golden/pt_files.py`).
    macro_rules! saved {
        ($name:literal) => {
            include_bytes!(concat!("../../tests/data/pt/", $name, ".pt")).as_slice()
        };
    }

    fn tensor<'a>(file: &'a PtFile, dict: &PtValue, key: &str) -> &'a PtTensor {
        match file.get(dict, key) {
            Some(PtValue::Tensor(tensor)) => tensor,
            other => panic!("{key} is {other:?}"),
        }
    }

    fn element(tensor: &PtTensor, at: usize) -> f64 {
        let size = tensor.storage.dtype.size();
        let bytes = &tensor.storage.bytes[at * size..(at + 1) * size];
        match tensor.storage.dtype {
            DType::Bool | DType::U8 => f64::from(bytes[0]),
            DType::I32 => f64::from(i32::from_le_bytes(bytes.try_into().unwrap())),
            DType::I64 => i64::from_le_bytes(bytes.try_into().unwrap()) as f64,
            DType::F16 => half::f16::from_le_bytes(bytes.try_into().unwrap()).to_f64(),
            DType::BF16 => half::bf16::from_le_bytes(bytes.try_into().unwrap()).to_f64(),
            DType::F32 => f64::from(f32::from_le_bytes(bytes.try_into().unwrap())),
            DType::F64 => f64::from_le_bytes(bytes.try_into().unwrap()),
        }
    }

    #[test]
    fn a_state_dict_keeps_its_order_and_metadata() {
        let file = read_pt(saved!("state_dict")).unwrap();
        let PtValue::Dict { ordered: true, items, attributes: Some(attributes) } = file.root() else {
            panic!("{:?}", file.root());
        };
        let names: Vec<_> = items.iter().map(|item| &file.values[item.0]).collect();
        let expected =
            ["0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var", "1.num_batches_tracked"];
        assert_eq!(names, expected.map(|name| PtValue::Str(name.to_owned())).iter().collect::<Vec<_>>());
        assert!(file.get(&file.values[*attributes], "_metadata").is_some());
        let weight = tensor(&file, file.root(), "0.weight");
        assert_eq!((weight.shape.as_slice(), weight.strides.as_slice()), (&[2, 3][..], &[3, 1][..]));
        assert_eq!(element(weight, 0) as f32, -0.004_322_517_7);
        let batches = tensor(&file, file.root(), "1.num_batches_tracked");
        assert_eq!((batches.storage.dtype, batches.shape.len()), (DType::I64, 0));
    }

    #[test]
    fn views_share_their_storage() {
        let file = read_pt(saved!("views")).unwrap();
        let get = |key| tensor(&file, file.root(), key);
        let whole = get("whole");
        for key in ["transposed", "rows", "column", "scalar", "expanded", "again"] {
            assert!(Arc::ptr_eq(&whole.storage, &get(key).storage), "{key}");
        }
        assert_eq!(get("transposed").strides, [1, 4]);
        assert_eq!(get("rows").offset, 4);
        assert_eq!((get("column").strides.as_slice(), get("column").offset), (&[4][..], 2));
        assert_eq!(element(get("scalar"), get("scalar").offset), 11.0);
        assert_eq!((get("expanded").shape.as_slice(), get("expanded").strides[0]), (&[5, 4][..], 0));
        assert_eq!(get("empty").shape, [0, 4]);
    }

    #[test]
    fn every_dtype_is_loaded() {
        let file = read_pt(saved!("dtypes")).unwrap();
        for (key, dtype, last) in [
            ("bool", DType::Bool, 1.0),
            ("uint8", DType::U8, 2.0),
            ("int32", DType::I32, 2.0),
            ("int64", DType::I64, 2.0),
            ("float32", DType::F32, 2.0),
            ("float64", DType::F64, 2.0),
            ("float16", DType::F16, 2.0),
            ("bfloat16", DType::BF16, 2.0),
        ] {
            let tensor = tensor(&file, file.root(), key);
            assert_eq!((tensor.storage.dtype, element(tensor, 2)), (dtype, last), "{key}");
        }
    }

    #[test]
    fn plain_data_is_loaded() {
        let file = read_pt(saved!("plain")).unwrap();
        let get = |key| file.get(file.root(), key).unwrap();
        assert_eq!(*get("large"), PtValue::Int(1 << 40));
        assert_eq!(*get("negative"), PtValue::Int(-5));
        assert_eq!(*get("float"), PtValue::Float(2.5));
        assert_eq!(*get("text"), PtValue::Str("学园".to_owned()));
        assert_eq!(*get("bytes"), PtValue::Bytes(vec![0, 0xff]));
        assert_eq!(*get("size"), PtValue::Size(vec![3, 4]));
        assert_eq!(*get("dtype"), PtValue::DType("float32".to_owned()));
        assert_eq!(*get("device"), PtValue::Device("cpu".to_owned()));
        assert!(matches!(get("tuple"), PtValue::Tuple(items) if items.len() == 4));
        assert!(matches!(get("ordered"), PtValue::Dict { ordered: true, .. }));
        assert!(matches!(get("shared"), PtValue::List(items) if items[0] == items[1]), "one object twice");
    }

    #[test]
    fn other_files_of_torch_are_loaded() {
        let checkpoint = read_pt(saved!("checkpoint")).unwrap();
        let optimizer = checkpoint.get(checkpoint.root(), "optimizer").unwrap();
        assert!(checkpoint.get(optimizer, "param_groups").is_some());
        let parameter = read_pt(saved!("parameter")).unwrap();
        assert!(matches!(parameter.root(), PtValue::Tensor(tensor) if tensor.is_parameter && tensor.requires_grad));
        let tensor = read_pt(saved!("tensor")).unwrap();
        assert!(matches!(tensor.root(), PtValue::Tensor(tensor) if tensor.shape == [2, 2]));
        assert!(read_pt(saved!("protocol4")).is_ok());
    }

    #[test]
    fn what_is_no_plain_data_is_refused_by_name() {
        let name = |bytes| match read_pt(bytes) {
            Err(IoError::Refused { name }) => name,
            other => panic!("{other:?}"),
        };
        assert!(name(saved!("refused_object")).contains("__main__.Custom"));
        assert!(name(saved!("refused_module")).contains("torch.nn.modules.linear.Linear"));
        for bytes in
            [saved!("refused_int16"), saved!("old_format"), saved!("refused_loop"), saved!("refused_compressed")]
        {
            assert!(matches!(read_pt(bytes), Err(IoError::Unsupported { .. })));
        }
        assert!(matches!(read_pt(b""), Err(IoError::Archive { .. })));
        assert!(matches!(read_pt(b"PK\x03\x04"), Err(IoError::Archive { .. })));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

        #[test]
        fn a_damaged_archive_is_read_or_refused(
            edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
            length in any::<prop::sample::Index>(),
            cut in 0u8..4,
        ) {
            for original in [saved!("views"), saved!("plain")] {
                let mut file = original.to_vec();
                for (at, byte) in &edits {
                    let at = at.index(file.len());
                    file[at] = *byte;
                }
                if cut == 0 {
                    file.truncate(length.index(file.len()));
                }
                let _ = read_pt(&file);
            }
        }

        /// The pickle alone, past the archive's checksums: this is what an attacker writes.
        #[test]
        fn a_damaged_pickle_is_run_or_refused(
            edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        ) {
            for original in [saved!("views"), saved!("plain"), saved!("state_dict")] {
                let mut loader = Loader::open(original).unwrap();
                let mut pickle = loader.entry("data.pkl", MAX_PICKLE).unwrap();
                for (at, byte) in &edits {
                    let at = at.index(pickle.len());
                    pickle[at] = *byte;
                }
                let read = Machine::run(&pickle, &mut loader)
                    .and_then(|(machine, root)| loader.collect(&machine, root));
                let Ok(file) = read else { continue };
                for value in &file.values {
                    let PtValue::Tensor(tensor) = value else { continue };
                    let steps = tensor.shape.iter().zip(&tensor.strides);
                    let last = tensor.offset + steps.map(|(size, stride)| size.saturating_sub(1) * stride).sum::<usize>();
                    prop_assert!(tensor.shape.contains(&0) || last < tensor.storage.numel());
                }
            }
        }
    }
}
