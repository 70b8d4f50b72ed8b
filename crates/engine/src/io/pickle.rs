//! A machine for the pickle opcodes that plain data needs. It runs no code: a global is a name, and what may be
//! done with a name is decided by the caller, [`super::pt`].
//!
//! Values live in an arena and refer to each other by index, because a pickle may put a list into its memo before
//! filling it. Every opcode makes a bounded number of values, so memory is proportional to the length of the
//! pickle. Opcodes: Python's `pickletools`, protocols 2 to 5.

use std::collections::HashMap;

use super::IoError;

/// The index of a value in the arena.
pub(super) type NodeId = usize;

/// A value of the machine.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(String),
    Bytes(Vec<u8>),
    Tuple(Vec<NodeId>),
    List(Vec<NodeId>),
    Set(Vec<NodeId>),
    Dict {
        ordered: bool,
        items: Vec<(NodeId, NodeId)>,
        attributes: Option<NodeId>,
    },
    /// `module.name`, looked up nowhere.
    Global(String),
    /// What a persistent id stands for; the payload is the caller's.
    Persistent(usize),
    /// What a reduction made; the payload is the caller's.
    Made(usize),
}

/// What the machine asks its caller.
pub(super) trait Host {
    /// Resolves a persistent id, here always a storage.
    fn persistent(&mut self, machine: &Machine, id: NodeId) -> Result<Node, IoError>;

    /// Applies a global to arguments.
    fn reduce(&mut self, machine: &Machine, global: &str, arguments: &[NodeId]) -> Result<Node, IoError>;
}

/// The arena and the stack.
#[derive(Debug, Default)]
pub(super) struct Machine {
    nodes: Vec<Node>,
    stack: Vec<NodeId>,
    marks: Vec<usize>,
    memo: HashMap<u64, NodeId>,
}

/// Reads operands out of the pickle.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], IoError> {
        let end = self.at.checked_add(length).filter(|&end| end <= self.bytes.len());
        let end = end.ok_or_else(|| damaged("the pickle is cut off"))?;
        let taken = &self.bytes[self.at..end];
        self.at = end;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], IoError> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    fn u8(&mut self) -> Result<u8, IoError> {
        Ok(self.array::<1>()?[0])
    }

    fn u32(&mut self) -> Result<u32, IoError> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    fn u64(&mut self) -> Result<u64, IoError> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    /// A run of bytes with its length before it.
    fn counted(&mut self, length: u64) -> Result<&'a [u8], IoError> {
        self.take(usize::try_from(length).unwrap_or(usize::MAX))
    }

    fn line(&mut self) -> Result<&'a [u8], IoError> {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().position(|&byte| byte == b'\n');
        let length = length.ok_or_else(|| damaged("the pickle is cut off"))?;
        self.at += length + 1;
        Ok(&rest[..length])
    }
}

pub(super) fn damaged(problem: impl Into<String>) -> IoError {
    IoError::Archive { problem: problem.into() }
}

fn text(bytes: &[u8]) -> Result<String, IoError> {
    // torch writes lone surrogates never; a string that is not UTF-8 is damage.
    let text = std::str::from_utf8(bytes);
    text.map(str::to_owned).map_err(|_| damaged("a string in the pickle is not UTF-8"))
}

/// A two's complement integer of up to eight bytes, little endian.
fn integer(bytes: &[u8]) -> Result<i64, IoError> {
    if bytes.len() > 8 {
        return Err(IoError::Unsupported { what: "an integer of more than 64 bits".to_owned() });
    }
    let negative = bytes.last().is_some_and(|&byte| byte >= 0x80);
    let mut whole = [if negative { 0xff } else { 0 }; 8];
    whole[..bytes.len()].copy_from_slice(bytes);
    Ok(i64::from_le_bytes(whole))
}

impl Machine {
    /// Runs a pickle to its end and returns the machine and the value it leaves.
    pub(super) fn run(bytes: &[u8], host: &mut impl Host) -> Result<(Self, NodeId), IoError> {
        let mut machine = Self::default();
        let mut reader = Reader { bytes, at: 0 };
        loop {
            let opcode = reader.u8()?;
            if opcode == b'.' {
                let result = machine.pop()?;
                return Ok((machine, result));
            }
            machine.step(opcode, &mut reader, host)?;
        }
    }

    /// The value at an index; indices only come from the machine itself.
    pub(super) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id]
    }

    fn step(&mut self, opcode: u8, reader: &mut Reader<'_>, host: &mut impl Host) -> Result<(), IoError> {
        match opcode {
            // PROTO, FRAME
            0x80 => {
                let protocol = reader.u8()?;
                if protocol > 5 {
                    return Err(IoError::Unsupported { what: format!("pickle protocol {protocol}") });
                }
            }
            0x95 => {
                reader.u64()?;
            }

            b'(' => self.marks.push(self.stack.len()),
            b'0' => {
                self.pop()?;
            }
            b'1' => {
                self.pop_to_mark()?;
            }
            b'2' => {
                let top = self.top()?;
                self.stack.push(top);
            }

            b'N' => self.push(Node::None),
            0x88 => self.push(Node::Bool(true)),
            0x89 => self.push(Node::Bool(false)),
            b'J' => self.push(Node::Int(i64::from(i32::from_le_bytes(reader.array()?)))),
            b'K' => self.push(Node::Int(i64::from(reader.u8()?))),
            b'M' => self.push(Node::Int(i64::from(u16::from_le_bytes(reader.array()?)))),
            // LONG1, LONG4
            0x8a => {
                let length = u64::from(reader.u8()?);
                self.push(Node::Int(integer(reader.counted(length)?)?));
            }
            0x8b => {
                let length = u64::from(reader.u32()?);
                self.push(Node::Int(integer(reader.counted(length)?)?));
            }
            b'G' => self.push(Node::Float(f64::from_be_bytes(reader.array()?))),

            // BINUNICODE, SHORT_BINUNICODE, BINUNICODE8
            b'X' => {
                let length = u64::from(reader.u32()?);
                self.push(Node::Str(text(reader.counted(length)?)?));
            }
            0x8c => {
                let length = u64::from(reader.u8()?);
                self.push(Node::Str(text(reader.counted(length)?)?));
            }
            0x8d => {
                let length = reader.u64()?;
                self.push(Node::Str(text(reader.counted(length)?)?));
            }
            // BINBYTES, SHORT_BINBYTES, BINBYTES8
            b'B' => {
                let length = u64::from(reader.u32()?);
                self.push(Node::Bytes(reader.counted(length)?.to_vec()));
            }
            b'C' => {
                let length = u64::from(reader.u8()?);
                self.push(Node::Bytes(reader.counted(length)?.to_vec()));
            }
            0x8e => {
                let length = reader.u64()?;
                self.push(Node::Bytes(reader.counted(length)?.to_vec()));
            }

            b')' => self.push(Node::Tuple(Vec::new())),
            b']' => self.push(Node::List(Vec::new())),
            b'}' => self.push(Node::Dict { ordered: false, items: Vec::new(), attributes: None }),
            0x8f => self.push(Node::Set(Vec::new())),
            b't' => {
                let items = self.pop_to_mark()?;
                self.push(Node::Tuple(items));
            }
            0x85..=0x87 => {
                let length = usize::from(opcode - 0x84);
                let items = self.pop_many(length)?;
                self.push(Node::Tuple(items));
            }
            b'l' => {
                let items = self.pop_to_mark()?;
                self.push(Node::List(items));
            }
            b'd' => {
                let items = pairs(&self.pop_to_mark()?)?;
                self.push(Node::Dict { ordered: false, items, attributes: None });
            }
            // FROZENSET
            0x91 => {
                let items = self.pop_to_mark()?;
                self.push(Node::Set(items));
            }

            b'a' => {
                let item = self.pop()?;
                self.extend_list(vec![item])?;
            }
            b'e' => {
                let items = self.pop_to_mark()?;
                self.extend_list(items)?;
            }
            // ADDITEMS
            0x90 => {
                let items = self.pop_to_mark()?;
                let set = self.top()?;
                match &mut self.nodes[set] {
                    Node::Set(existing) => existing.extend(items),
                    _ => return Err(damaged("items are added to something that is no set")),
                }
            }
            b's' => {
                let items = self.pop_many(2)?;
                self.extend_dict(&items)?;
            }
            b'u' => {
                let items = self.pop_to_mark()?;
                self.extend_dict(&items)?;
            }

            // GLOBAL, STACK_GLOBAL
            b'c' => {
                let module = text(reader.line()?)?;
                let name = text(reader.line()?)?;
                self.push(Node::Global(format!("{module}.{name}")));
            }
            0x93 => {
                let parts = self.pop_many(2)?;
                let (Node::Str(module), Node::Str(name)) = (self.node(parts[0]), self.node(parts[1])) else {
                    return Err(damaged("a global is not named by strings"));
                };
                self.push(Node::Global(format!("{module}.{name}")));
            }
            // REDUCE, NEWOBJ: for the few globals that are allowed, both build a value from arguments
            b'R' | 0x81 => {
                let parts = self.pop_many(2)?;
                let Node::Global(global) = self.node(parts[0]) else {
                    return Err(damaged("something that is no global is called"));
                };
                let Node::Tuple(arguments) = self.node(parts[1]) else {
                    return Err(damaged("the arguments of a call are no tuple"));
                };
                let made = host.reduce(self, global, arguments)?;
                self.push(made);
            }
            b'b' => self.build()?,
            b'Q' => {
                let id = self.pop()?;
                let storage = host.persistent(self, id)?;
                self.push(storage);
            }

            b'q' => {
                let index = u64::from(reader.u8()?);
                self.memoize(index)?;
            }
            b'r' => {
                let index = u64::from(reader.u32()?);
                self.memoize(index)?;
            }
            // MEMOIZE
            0x94 => self.memoize(self.memo.len() as u64)?,
            b'h' => {
                let index = u64::from(reader.u8()?);
                self.recall(index)?;
            }
            b'j' => {
                let index = u64::from(reader.u32()?);
                self.recall(index)?;
            }

            other => {
                return Err(IoError::Refused { name: format!("pickle opcode 0x{other:02x}") });
            }
        }
        Ok(())
    }

    fn push(&mut self, node: Node) {
        self.stack.push(self.nodes.len());
        self.nodes.push(node);
    }

    /// The lowest position of the stack that may be popped: nothing below an open mark.
    fn floor(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }

    fn top(&self) -> Result<NodeId, IoError> {
        let above = self.stack.len() > self.floor();
        self.stack.last().copied().filter(|_| above).ok_or_else(|| damaged("the pickle's stack is empty"))
    }

    fn pop(&mut self) -> Result<NodeId, IoError> {
        let top = self.top()?;
        self.stack.pop();
        Ok(top)
    }

    fn pop_many(&mut self, count: usize) -> Result<Vec<NodeId>, IoError> {
        let start = self.stack.len().checked_sub(count).filter(|&start| start >= self.floor());
        let start = start.ok_or_else(|| damaged("the pickle's stack is empty"))?;
        Ok(self.stack.split_off(start))
    }

    fn pop_to_mark(&mut self) -> Result<Vec<NodeId>, IoError> {
        let mark = self.marks.pop().ok_or_else(|| damaged("the pickle has no mark to go back to"))?;
        Ok(self.stack.split_off(mark.min(self.stack.len())))
    }

    fn extend_list(&mut self, items: Vec<NodeId>) -> Result<(), IoError> {
        let list = self.top()?;
        match &mut self.nodes[list] {
            Node::List(existing) => existing.extend(items),
            _ => return Err(damaged("items are appended to something that is no list")),
        }
        Ok(())
    }

    fn extend_dict(&mut self, items: &[NodeId]) -> Result<(), IoError> {
        let dict = self.top()?;
        match &mut self.nodes[dict] {
            Node::Dict { items: existing, .. } => existing.extend(pairs(items)?),
            _ => return Err(damaged("items are set in something that is no dict")),
        }
        Ok(())
    }

    /// Gives an object its attributes; only an ordered dict has any (a state dict's `_metadata`).
    fn build(&mut self) -> Result<(), IoError> {
        let state = self.pop()?;
        let target = self.top()?;
        if !matches!(self.node(state), Node::Dict { .. }) {
            return Err(IoError::Refused { name: "state that is no dict".to_owned() });
        }
        match &mut self.nodes[target] {
            Node::Dict { ordered: true, attributes, .. } => *attributes = Some(state),
            _ => return Err(IoError::Refused { name: "state of an object".to_owned() }),
        }
        Ok(())
    }

    fn memoize(&mut self, index: u64) -> Result<(), IoError> {
        let top = self.top()?;
        self.memo.insert(index, top);
        Ok(())
    }

    fn recall(&mut self, index: u64) -> Result<(), IoError> {
        let value = self.memo.get(&index).copied();
        self.stack.push(value.ok_or_else(|| damaged("the pickle recalls a value that it never kept"))?);
        Ok(())
    }
}

fn pairs(items: &[NodeId]) -> Result<Vec<(NodeId, NodeId)>, IoError> {
    if !items.len().is_multiple_of(2) {
        return Err(damaged("a key of a dict has no value"));
    }
    Ok(items.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Nothing;

    impl Host for Nothing {
        fn persistent(&mut self, _: &Machine, _: NodeId) -> Result<Node, IoError> {
            Err(damaged("no storages here"))
        }

        fn reduce(&mut self, _: &Machine, global: &str, _: &[NodeId]) -> Result<Node, IoError> {
            Err(IoError::Refused { name: global.to_owned() })
        }
    }

    fn run(bytes: &[u8]) -> Result<Node, IoError> {
        Machine::run(bytes, &mut Nothing).map(|(machine, id)| machine.node(id).clone())
    }

    #[test]
    fn plain_values() {
        assert_eq!(run(b"\x80\x02N."), Ok(Node::None));
        assert_eq!(run(b"J\xfb\xff\xff\xff."), Ok(Node::Int(-5)));
        assert_eq!(run(b"\x8a\x06\x00\x00\x00\x00\x00\x01."), Ok(Node::Int(1 << 40)));
        assert_eq!(run(b"\x8a\x00."), Ok(Node::Int(0)));
        assert_eq!(run(b"G\x40\x04\x00\x00\x00\x00\x00\x00."), Ok(Node::Float(2.5)));
        assert_eq!(run(b"]q\x00(K\x01K\x02e."), Ok(Node::List(vec![1, 2])));
    }

    #[test]
    fn code_is_refused_by_name() {
        let attack = b"cos\nsystem\n(X\x04\x00\x00\x00trueq\x00tR.";
        assert_eq!(run(attack), Err(IoError::Refused { name: "os.system".to_owned() }));
        assert!(matches!(run(b"(ios\nsystem\n."), Err(IoError::Refused { .. })));
    }

    #[test]
    fn broken_pickles_are_refused() {
        let broken: [&[u8]; 14] = [
            b"",
            b".",
            b"K",
            b"t.",
            b"(.",
            b"K\x01(0.",
            b"X\xff\xff\xff\xff.",
            b"\x8d\xff\xff\xff\xff\xff\xff\xff\xff.",
            b"h\x00.",
            b"}K\x01e.",
            b"]K\x01K\x02s.",
            b"}(K\x01u.",
            b"K\x01K\x02R.",
            b"X\x01\x00\x00\x00\xff.",
        ];
        for pickle in broken {
            assert!(run(pickle).is_err(), "accepted {pickle:?}");
        }
        assert!(matches!(run(b"\x8a\x09\x01\x01\x01\x01\x01\x01\x01\x01\x01."), Err(IoError::Unsupported { .. })));
    }
}
