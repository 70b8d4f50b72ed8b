//! The table of ops: everything that Python can call on tensors, one row each.
//!
//! A row ([`OpDef`]) says how the op is called (a [`Schema`]), where it can be seen, what it does, and with which
//! arguments its derivative is checked. A family of ops is one file with an `OPS` slice; the binding, the gradient
//! check and the fuzzing of bad input all walk the same table, so that adding an op is adding a row.

pub mod activation;
pub mod arithmetic;
pub mod attention;
mod by_ops;
pub mod comparison;
pub mod conv;
pub mod convert;
pub mod create;
pub mod ctc;
pub mod einsum;
pub mod embedding;
mod half_precision;
pub mod indexing;
pub mod interpolate;
pub mod join;
pub(crate) mod linear_map;
pub mod loss;
pub mod matmul;
pub mod normalization;
pub mod optim;
pub mod pointwise;
pub mod pool;
pub mod random;
pub mod recurrent;
pub mod reduce;
pub mod sample;
pub mod scan;
pub mod schema;
pub mod select;
pub mod softmax;
pub mod sort;
pub mod special;
pub mod spectrum;
pub mod value;
pub mod view;

use std::collections::HashMap;
use std::sync::LazyLock;

pub use schema::Schema;
pub use value::{Args, Operand, Value};

use crate::error::{Error, Result};

/// Seen as `torch.NAME`.
pub const TORCH: u8 = 1;
/// Seen as `Tensor.NAME`.
pub const METHOD: u8 = 2;
/// Has a form in place, `Tensor.NAME_` and `torch.NAME_`: the op, then [`crate::autograd::inplace::assign`].
pub const INPLACE: u8 = 4;
/// Seen as `torch.nn.functional.NAME`.
pub const NN: u8 = 8;
/// Seen as `torch._C._NAME` only.
pub const PRIVATE: u8 = 16;
/// Has no derivative although it maps floats to floats.
pub const NO_GRAD: u8 = 32;
/// Its derivative is one that torch has chosen, not that of the function alone; a test of its own shows it.
pub const CONVENTION: u8 = 64;

/// A row of the table.
pub struct OpDef {
    /// The signature, see [`schema`].
    pub schema: &'static str,
    /// Where it can be seen: a sum of [`TORCH`], [`METHOD`], [`INPLACE`], [`NN`], [`PRIVATE`], [`NO_GRAD`].
    pub place: u8,
    /// The learner's docstring.
    pub doc: &'static str,
    /// What it does; call it by [`OpDef::call`].
    pub run: fn(&Args) -> Result<Value>,
    /// Arguments to check it with, in the notation of [`crate::ops::sample`].
    pub samples: &'static [&'static str],
}

impl OpDef {
    /// Does what the row does, also for halves, which `run` alone knows nothing of.
    pub fn call(&'static self, args: Args) -> Result<Value> {
        half_precision::run(self, args)
    }
}

/// Makes a row of the table.
pub const fn op(
    schema: &'static str,
    place: u8,
    doc: &'static str,
    run: fn(&Args) -> Result<Value>,
    samples: &'static [&'static str],
) -> OpDef {
    OpDef { schema, place, doc, run, samples }
}

/// Turns the result of an engine function into the result of a row.
pub fn value<T: Into<Value>>(result: Result<T>) -> Result<Value> {
    result.map(Into::into)
}

/// The families, each a slice of rows.
static FAMILIES: &[&[OpDef]] = &[
    activation::OPS,
    arithmetic::OPS,
    attention::OPS,
    comparison::OPS,
    conv::OPS,
    convert::OPS,
    create::OPS,
    ctc::OPS,
    einsum::OPS,
    embedding::OPS,
    indexing::OPS,
    indexing::along::OPS,
    interpolate::OPS,
    join::OPS,
    join::pad::OPS,
    join::rearrange::OPS,
    join::split::OPS,
    join::triangle::OPS,
    loss::OPS,
    matmul::OPS,
    normalization::OPS,
    optim::OPS,
    pointwise::OPS,
    pool::OPS,
    random::OPS,
    recurrent::OPS,
    reduce::OPS,
    reduce::extremes::OPS,
    reduce::moments::OPS,
    reduce::norms::OPS,
    scan::OPS,
    select::OPS,
    select::masks::OPS,
    select::search::OPS,
    softmax::OPS,
    sort::OPS,
    sort::counting::OPS,
    sort::quantile::OPS,
    sort::unique::OPS,
    special::OPS,
    spectrum::OPS,
    view::OPS,
    view::dims::OPS,
    view::parts::OPS,
];

/// All rows of one name that are seen in the same place, tried in order.
pub struct Op {
    /// The name that Python sees.
    pub name: &'static str,
    overloads: Vec<(Schema, &'static OpDef)>,
}

impl Op {
    /// Returns the rows with their parsed signatures.
    pub fn overloads(&self) -> impl Iterator<Item = (&Schema, &'static OpDef)> {
        self.overloads.iter().map(|(schema, def)| (schema, *def))
    }

    /// Returns the docstring: signatures, then what the rows say.
    pub fn doc(&self) -> String {
        let mut text = String::new();
        for (schema, _) in &self.overloads {
            text.push_str(self.name);
            text.push_str(&schema.signature());
            text.push('\n');
        }
        let mut last = "";
        for (_, def) in &self.overloads {
            if def.doc != last && !def.doc.is_empty() {
                text.push('\n');
                text.push_str(def.doc);
                last = def.doc;
            }
        }
        text
    }

    /// Binds the arguments to the first signature that takes them.
    pub fn bind(
        &self,
        positional: &[Value],
        keywords: &[(&str, Value)],
        is_method: bool,
    ) -> Result<(Args, &Schema, &'static OpDef)> {
        let mut first_error = None;
        for (schema, def) in &self.overloads {
            match schema.bind(positional, keywords, is_method) {
                Ok(args) => return Ok((args, schema, def)),
                Err(error) => first_error = first_error.or(Some(error)),
            }
        }
        Err(match first_error {
            Some(error) if self.overloads.len() == 1 => error,
            _ => self.no_overload(positional, keywords, is_method),
        })
    }

    #[cold]
    fn no_overload(&self, positional: &[Value], keywords: &[(&str, Value)], is_method: bool) -> Error {
        let mut got: Vec<String> = positional.iter().skip(usize::from(is_method)).map(Value::type_name).collect();
        got.extend(keywords.iter().map(|(name, value)| format!("{name}={}", value.type_name())));
        let mut text = format!(
            "{}() received an invalid combination of arguments - got ({}), but expected one of:",
            self.name,
            got.join(", ")
        );
        for (schema, _) in &self.overloads {
            text.push_str("\n * ");
            text.push_str(&schema.signature());
        }
        Error::Type(text)
    }

    /// Calls the op. `positional` starts with the tensor itself for a method.
    pub fn call(&self, positional: &[Value], keywords: &[(&str, Value)], is_method: bool) -> Result<Value> {
        let (args, _, def) = self.bind(positional, keywords, is_method)?;
        def.call(args)
    }

    /// Calls the op in place: its first argument takes the value and the history of the result.
    pub fn call_in_place(&self, positional: &[Value], keywords: &[(&str, Value)]) -> Result<Value> {
        let (mut args, _, def) = self.bind(positional, keywords, true)?;
        // Where the first parameter may also be a number, as in `torch.div_(1.0, t)`.
        let Value::Tensor(target) = args.value(0).clone() else {
            let found = args.value(0).type_name();
            return Err(Error::Type(format!("{}_(): argument 'input' must be Tensor, not {found}", self.name)));
        };
        crate::autograd::inplace::check_writable(&target)?;
        if crate::autograd::grad_enabled() && args.values.iter().any(wants_grad) {
            args.values[0] = crate::autograd::inplace::snapshot(&target)?.into();
        }
        match def.call(args)? {
            Value::Tensor(result) => {
                crate::autograd::inplace::assign(&target, &result)?;
                Ok(Value::Tensor(target))
            }
            other => Err(Error::Type(format!("{}_() cannot give {} in place", self.name, other.type_name()))),
        }
    }
}

fn wants_grad(value: &Value) -> bool {
    match value {
        Value::Tensor(t) => t.requires_grad(),
        Value::List(items) => items.iter().any(wants_grad),
        _ => false,
    }
}

/// The ops by place and name.
pub struct Table {
    /// `torch.*`
    pub torch: HashMap<&'static str, Op>,
    /// `Tensor.*`
    pub methods: HashMap<&'static str, Op>,
    /// Ops with a form in place, by their names without the `_`.
    pub in_place: HashMap<&'static str, Op>,
    /// `torch.nn.functional.*`
    pub functional: HashMap<&'static str, Op>,
    /// `torch._C._*`
    pub private: HashMap<&'static str, Op>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let collect = |place: u8| {
        let mut ops: HashMap<&'static str, Op> = HashMap::new();
        for def in rows().filter(|def| def.place & place != 0) {
            let schema = Schema::parse(def.schema).expect("a test parses every schema of the table");
            ops.entry(schema.name)
                .or_insert_with(|| Op { name: schema.name, overloads: Vec::new() })
                .overloads
                .push((schema, def));
        }
        ops
    };
    Table {
        torch: collect(TORCH),
        methods: collect(METHOD),
        in_place: collect(INPLACE),
        functional: collect(NN),
        private: collect(PRIVATE),
    }
});

/// Returns the table.
pub fn table() -> &'static Table {
    &TABLE
}

/// Returns every row.
pub fn rows() -> impl Iterator<Item = &'static OpDef> {
    FAMILIES.iter().flat_map(|family| family.iter())
}
