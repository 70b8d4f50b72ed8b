//! What the text of a program tells: the names that it uses, its classes, and signs of classic mistakes.
//!
//! The text is parsed by the parser that the interpreter itself uses, and never runs here. Names are
//! followed through imports, so `import torch.nn.functional as f` hides nothing; where a name is looked
//! up by text (`getattr` with a computed name, `eval`), that is noted as such.

use std::collections::{BTreeMap, BTreeSet};

use lyceum_lab::{
    SourceFacts,
    facts::{ClassFacts, Sign, SignKind},
};
use rustpython_ruff_python_ast::{
    Arguments, Expr, ExprContext, ModModule, Operator, Stmt,
    token::TokenKind,
    visitor::{Visitor, walk_expr, walk_stmt},
};
use rustpython_ruff_text_size::{Ranged, TextSize};

use crate::program::{self, line_at};

/// Returns what the text of a program tells.
pub fn facts(text: &str) -> SourceFacts {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let parsed = match program::parse(text) {
        Ok(parsed) => parsed,
        Err(error) => {
            let line = u32::try_from(error.line).unwrap_or(u32::MAX);
            return SourceFacts { syntax_error: Some((line, error.message)), ..SourceFacts::default() };
        }
    };
    let mut lines: Vec<usize> = parsed
        .tokens()
        .iter()
        .filter(|token| {
            use TokenKind::{Comment, Dedent, EndOfFile, Indent, Newline, NonLogicalNewline};
            !matches!(token.kind(), Comment | Dedent | EndOfFile | Indent | Newline | NonLogicalNewline)
        })
        .map(|token| line_at(text, token.start().to_usize()))
        .collect();
    lines.dedup();
    let module = parsed.syntax();
    let mut reader = Reader { text, facts: SourceFacts::default(), ..Reader::default() };
    reader.facts.lines_of_code = lines.len();
    reader.collect_definitions(module);
    for statement in &module.body {
        reader.visit_stmt(statement);
    }
    reader.inherit();
    reader.signs();
    reader.facts
}

/// What looks names up by text, so that nobody can see which.
const LOOKS_UP: [&str; 16] = [
    "eval",
    "exec",
    "compile",
    "__import__",
    "globals",
    "locals",
    "vars",
    "importlib",
    "builtins",
    "__builtins__",
    "__dict__",
    "__getattribute__",
    "sys.modules",
    "attrgetter",
    "methodcaller",
    "gc",
];

#[derive(Default)]
struct Reader<'t> {
    text: &'t str,
    facts: SourceFacts,
    /// What imported names stand for.
    imports: BTreeMap<String, String>,
    /// Names that the file itself defines.
    defined: BTreeSet<String>,
    /// The function that is being read.
    functions: Vec<String>,
    loops: usize,
    /// Names of variables that hold a softmax, a sigmoid, or a loss with one inside.
    softmaxes: BTreeSet<String>,
    sigmoids: BTreeSet<String>,
    losses: BTreeMap<String, Loss>,
    uses: Vec<Use>,
}

/// A loss that has an activation inside.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Loss {
    CrossEntropy,
    WithLogits,
}

/// Something that the signs are made of.
#[derive(Clone, Copy)]
struct Use {
    kind: Used,
    line: u32,
    in_forward: bool,
    in_loop: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Used {
    Softmax,
    Sigmoid,
    /// An activation went right into the loss that has one.
    SoftmaxIntoLoss,
    SigmoidIntoLoss,
    SigmoidOfSigmoid,
    CrossEntropy,
    WithLogits,
    Backward,
    Clears,
    Steps,
    Optimizer,
    FloorDivision,
    TrainsOtherwise,
    Eval,
}

impl<'t> Reader<'t> {
    fn line(&self, at: TextSize) -> u32 {
        u32::try_from(line_at(self.text, at.to_usize())).unwrap_or(u32::MAX)
    }

    fn name_used(&mut self, name: String, at: TextSize) {
        let line = self.line(at);
        let first = self.facts.names.entry(name).or_insert(line);
        *first = line.min(*first);
    }

    fn note(&mut self, kind: Used, at: TextSize) {
        let in_forward = self.functions.iter().any(|name| name == "forward");
        let (line, in_loop) = (self.line(at), self.loops > 0);
        self.uses.push(Use { kind, line, in_forward, in_loop });
    }

    fn looks_up(&mut self, at: TextSize) {
        let line = self.line(at);
        self.facts.dynamic = Some(self.facts.dynamic.map_or(line, |first| first.min(line)));
    }

    /// Finds the names that the file defines anywhere, so that a function of one's own called `softmax` is no use of
    /// torch's.
    fn collect_definitions(&mut self, module: &ModModule) {
        struct Definitions(BTreeSet<String>);
        impl<'a> Visitor<'a> for Definitions {
            fn visit_stmt(&mut self, statement: &'a Stmt) {
                match statement {
                    Stmt::FunctionDef(function) => {
                        self.0.insert(function.name.to_string());
                        let parameters = function.parameters.iter().map(|parameter| parameter.name().to_string());
                        self.0.extend(parameters);
                    }
                    Stmt::ClassDef(class) => drop(self.0.insert(class.name.to_string())),
                    _ => {}
                }
                walk_stmt(self, statement);
            }

            fn visit_expr(&mut self, expression: &'a Expr) {
                if let Expr::Name(name) = expression
                    && matches!(name.ctx, ExprContext::Store)
                {
                    self.0.insert(name.id.to_string());
                }
                walk_expr(self, expression);
            }
        }
        let mut definitions = Definitions(BTreeSet::new());
        for statement in &module.body {
            definitions.visit_stmt(statement);
        }
        self.defined = definitions.0;
    }

    /// Writes a dotted name out; what is no name at its root becomes `?`.
    fn dotted(&self, expression: &Expr) -> String {
        match expression {
            Expr::Name(name) => match self.imports.get(name.id.as_str()) {
                Some(full) => full.clone(),
                None => name.id.to_string(),
            },
            Expr::Attribute(attribute) => format!("{}.{}", self.dotted(&attribute.value), attribute.attr),
            _ => "?".to_owned(),
        }
    }

    /// The last part of what is called.
    fn called(&self, expression: &Expr) -> Option<String> {
        let Expr::Call(call) = expression else { return None };
        let dotted = self.dotted(&call.func);
        dotted.rsplit('.').next().map(str::to_owned)
    }

    fn import(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Import(import) => {
                for alias in &import.names {
                    let full = alias.name.to_string();
                    self.name_used(full.clone(), alias.start());
                    if full.split('.').any(|part| LOOKS_UP.contains(&part)) {
                        self.looks_up(alias.start());
                    }
                    match &alias.asname {
                        Some(name) => drop(self.imports.insert(name.to_string(), full)),
                        None => {
                            let root = full.split('.').next().unwrap_or_default().to_owned();
                            self.imports.insert(root.clone(), root);
                        }
                    }
                }
            }
            Stmt::ImportFrom(import) => {
                let module = import.module.as_ref().map(ToString::to_string).unwrap_or_default();
                for alias in &import.names {
                    let full = format!("{module}.{}", alias.name);
                    self.name_used(full.clone(), alias.start());
                    if alias.name.as_str() == "*" || full.split('.').any(|part| LOOKS_UP.contains(&part)) {
                        self.looks_up(alias.start());
                    }
                    let name = alias.asname.as_ref().unwrap_or(&alias.name).to_string();
                    self.imports.insert(name, full);
                }
            }
            _ => {}
        }
    }

    /// Follows a variable to what it holds.
    fn assigned(&mut self, target: &Expr, value: &Expr) {
        let name = self.dotted(target);
        match self.called(value).as_deref() {
            Some("softmax" | "Softmax") => drop(self.softmaxes.insert(name)),
            Some("sigmoid" | "Sigmoid") => drop(self.sigmoids.insert(name)),
            Some("CrossEntropyLoss") => drop(self.losses.insert(name, Loss::CrossEntropy)),
            Some("BCEWithLogitsLoss") => drop(self.losses.insert(name, Loss::WithLogits)),
            _ => {}
        }
        if let (Expr::Attribute(attribute), Expr::NoneLiteral(_)) = (target, value)
            && attribute.attr.as_str() == "grad"
        {
            self.note(Used::Clears, target.start());
        }
    }

    fn call(&mut self, function: &Expr, arguments: &Arguments, at: TextSize) {
        let dotted = self.dotted(function);
        let last = dotted.rsplit('.').next().unwrap_or_default();
        let first = arguments.args.first();
        let holds = |names: &BTreeSet<String>, word: [&str; 2]| {
            first.is_some_and(|first| {
                self.called(first).is_some_and(|called| word.contains(&called.as_str()))
                    || names.contains(&self.dotted(first))
            })
        };
        let loss = match last {
            "cross_entropy" => Some(Loss::CrossEntropy),
            "binary_cross_entropy_with_logits" => Some(Loss::WithLogits),
            _ => self.losses.get(&dotted).copied(),
        };
        let into_loss = match loss {
            Some(Loss::CrossEntropy) if holds(&self.softmaxes, ["softmax", "Softmax"]) => Some(Used::SoftmaxIntoLoss),
            Some(Loss::WithLogits) if holds(&self.sigmoids, ["sigmoid", "Sigmoid"]) => Some(Used::SigmoidIntoLoss),
            _ => None,
        };
        let twice = last == "sigmoid" && holds(&self.sigmoids, ["sigmoid", "Sigmoid"]);
        let is_own = !dotted.contains('.') && self.defined.contains(&dotted);
        let used = match last {
            _ if is_own => None,
            "softmax" | "Softmax" => Some(Used::Softmax),
            "sigmoid" | "Sigmoid" => Some(Used::Sigmoid),
            "cross_entropy" | "CrossEntropyLoss" => Some(Used::CrossEntropy),
            "binary_cross_entropy_with_logits" | "BCEWithLogitsLoss" => Some(Used::WithLogits),
            "backward" => Some(Used::Backward),
            "zero_grad" | "zero_" => Some(Used::Clears),
            "step" => Some(Used::Steps),
            "eval" if dotted.contains('.') => Some(Used::Eval),
            "train" if matches!(first, Some(Expr::BooleanLiteral(literal)) if !literal.value) => Some(Used::Eval),
            _ if dotted.starts_with("torch.optim.") => Some(Used::Optimizer),
            _ if last.starts_with("Dropout") || last.starts_with("BatchNorm") => Some(Used::TrainsOtherwise),
            _ => None,
        };
        let looks_up = match last {
            "getattr" | "setattr" | "hasattr" | "delattr" if !dotted.contains('.') => match arguments.args.get(1) {
                Some(Expr::StringLiteral(text)) => {
                    self.name_used(format!("?.{}", text.value.to_str()), at);
                    false
                }
                _ => true,
            },
            _ => false,
        };
        for used in used.into_iter().chain(into_loss).chain(twice.then_some(Used::SigmoidOfSigmoid)) {
            self.note(used, at);
        }
        if looks_up {
            self.looks_up(at);
        }
        for keyword in &arguments.keywords {
            if let Some(name) = &keyword.arg {
                self.name_used(format!("?.{name}"), keyword.start());
            }
        }
    }

    /// Gives each class the bases of its bases in the same file.
    fn inherit(&mut self) {
        for _ in 0..self.facts.classes.len().min(16) {
            let known: BTreeMap<String, Vec<String>> =
                self.facts.classes.iter().map(|class| (class.name.clone(), class.bases.clone())).collect();
            for class in &mut self.facts.classes {
                let more: Vec<String> =
                    class.bases.iter().filter_map(|base| known.get(base)).flatten().cloned().collect();
                for base in more {
                    if !class.bases.contains(&base) {
                        class.bases.push(base);
                    }
                }
            }
        }
    }

    /// Makes signs of what was used together.
    fn signs(&mut self) {
        let uses = std::mem::take(&mut self.uses);
        let has = |kind: Used| uses.iter().any(|used| used.kind == kind);
        let first = |wanted: &dyn Fn(&Use) -> bool| uses.iter().find(|used| wanted(used)).map(|used| used.line);
        let uses_gradients = has(Used::Backward) || self.facts.line_of("autograd.grad").is_some();
        let mut found = Vec::new();
        let mut sign = |kind, line: Option<u32>| found.extend(line.map(|line| Sign { kind, line }));
        if has(Used::Optimizer) && !uses_gradients {
            sign(SignKind::NoBackward, first(&|used| used.kind == Used::Steps));
        }
        if !has(Used::Clears) {
            sign(SignKind::NoZeroGrad, first(&|used| used.kind == Used::Backward && used.in_loop));
        }
        if has(Used::CrossEntropy) {
            let direct = first(&|used| used.kind == Used::SoftmaxIntoLoss);
            sign(
                SignKind::SoftmaxBeforeCrossEntropy,
                direct.or(first(&|used| used.kind == Used::Softmax && used.in_forward)),
            );
        }
        if has(Used::WithLogits) {
            let direct = first(&|used| used.kind == Used::SigmoidIntoLoss);
            sign(
                SignKind::SigmoidBeforeLogits,
                direct.or(first(&|used| used.kind == Used::Sigmoid && used.in_forward)),
            );
        }
        let forward = first(&|used| used.kind == Used::Sigmoid && used.in_forward);
        let outside = first(&|used| used.kind == Used::Sigmoid && !used.in_forward);
        let direct = first(&|used| used.kind == Used::SigmoidOfSigmoid);
        sign(SignKind::SigmoidTwice, direct.or(forward.and(outside)));
        sign(SignKind::IntegerDivision, first(&|used| used.kind == Used::FloorDivision));
        if !has(Used::Eval) {
            sign(SignKind::NoEval, first(&|used| used.kind == Used::TrainsOtherwise));
        }
        self.facts.signs = found;
    }
}

impl<'a> Visitor<'a> for Reader<'_> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        self.import(statement);
        match statement {
            Stmt::Assign(assign) => {
                for target in &assign.targets {
                    self.assigned(target, &assign.value);
                }
            }
            Stmt::AugAssign(assign) if assign.op == Operator::FloorDiv => {
                self.note(Used::FloorDivision, statement.start());
            }
            Stmt::FunctionDef(function) => {
                self.functions.push(function.name.to_string());
                let loops = std::mem::take(&mut self.loops);
                walk_stmt(self, statement);
                self.loops = loops;
                self.functions.pop();
                return;
            }
            Stmt::ClassDef(class) => {
                let bases = class.arguments.iter().flat_map(|arguments| &arguments.args);
                let bases = bases.map(|base| self.dotted(base)).collect();
                let line = self.line(class.name.start());
                self.facts.classes.push(ClassFacts { name: class.name.to_string(), bases, line });
            }
            Stmt::For(_) | Stmt::While(_) => {
                self.loops += 1;
                walk_stmt(self, statement);
                self.loops -= 1;
                return;
            }
            _ => {}
        }
        walk_stmt(self, statement);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) => {
                let dotted = self.dotted(expression);
                if LOOKS_UP.contains(&dotted.as_str()) && !self.defined.contains(&dotted) {
                    self.looks_up(name.start());
                }
                if self.imports.contains_key(name.id.as_str()) || !self.defined.contains(name.id.as_str()) {
                    self.name_used(dotted, name.start());
                }
            }
            Expr::Attribute(attribute) => {
                let dotted = self.dotted(expression);
                // `model.eval` and `torch.compile` are methods; the functions of that name stand alone.
                let looks_up = |name: &str| {
                    let is_method = matches!(name, "eval" | "compile");
                    dotted == name || (dotted.ends_with(&format!(".{name}")) && !is_method)
                };
                if LOOKS_UP.iter().any(|name| looks_up(name)) {
                    self.looks_up(attribute.attr.start());
                }
                self.name_used(dotted, attribute.attr.start());
                // The root is a part of the name that was just noted, and is read only where it is more than a name.
                if !matches!(&*attribute.value, Expr::Name(_) | Expr::Attribute(_)) {
                    self.visit_expr(&attribute.value);
                }
                return;
            }
            Expr::Call(call) => self.call(&call.func, &call.arguments, call.func.end()),
            Expr::BinOp(operation) if operation.op == Operator::FloorDiv => {
                self.note(Used::FloorDivision, operation.left.end());
            }
            _ => {}
        }
        walk_expr(self, expression);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sign(text: &str, kind: SignKind) -> Option<u32> {
        facts(text).sign(kind)
    }

    #[test]
    fn names_are_followed_through_imports() {
        let facts = facts(
            "import torch\nimport torch.nn.functional as f\nfrom torch import nn, optim as o\nfrom torch.nn import Linear as L\n\nx = f.softmax(y)\no.SGD([])\nL(1, 2)\nz = (a + b).tanh()\nw = torch.zeros(2, requires_grad=True)\n",
        );
        for (name, line) in [
            ("F.softmax", 6),
            ("softmax", 6),
            ("torch.optim", 3),
            ("torch.optim.SGD", 7),
            ("nn.Linear", 4),
            ("tanh", 9),
            ("requires_grad", 10),
        ] {
            assert_eq!(facts.line_of(name), Some(line), "{name}");
        }
        assert_eq!(facts.line_of("torch.softmax"), None);
        assert_eq!(facts.lines_of_code, 9);
    }

    #[test]
    fn a_function_of_ones_own_is_no_use_of_torchs() {
        let facts = facts("def softmax(z):\n    return z.exp() / z.exp().sum()\n\nprint(softmax(x))\n");
        assert_eq!(facts.line_of("softmax"), None);
        assert_eq!(facts.line_of("exp"), Some(2));
    }

    #[test]
    fn looking_names_up_by_text_is_seen() {
        for text in [
            "getattr(loss, 'back' + 'ward')()",
            "eval('loss.backward()')",
            "__import__('torch')",
            "loss.__dict__['x']",
            "import importlib",
            "import builtins as b\nb.exec('1')",
            "from torch import *",
            "import operator\noperator.methodcaller('backward')(x)",
            "import sys\nsys.modules['torch']",
            "globals()['x']",
            "f = eval\nf('1')",
        ] {
            assert!(facts(text).dynamic.is_some(), "{text}");
        }
        let plain = facts("import torch\nmodel.eval()\ngetattr(x, 'grad')\ntorch.compile(model)\n");
        assert_eq!(plain.dynamic, None);
        assert_eq!(plain.line_of("grad"), Some(3));
    }

    #[test]
    fn classes_have_the_bases_of_their_bases() {
        let facts = facts("from torch import nn\nclass A(nn.Module):\n    pass\nclass B(A):\n    pass\n");
        assert_eq!(facts.class_from("nn.Module").unwrap().line, 2);
        assert!(facts.classes[1].bases.contains(&"torch.nn.Module".to_owned()));
        assert!(facts.class_from("nn.Linear").is_none());
    }

    #[test]
    fn classic_mistakes_leave_signs() {
        let torch = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n";
        let with = |text: &str| format!("{torch}{text}");
        assert_eq!(
            sign(&with("opt = torch.optim.SGD(p)\nfor i in r:\n    opt.step()\n"), SignKind::NoBackward),
            Some(6)
        );
        let clears = "for i in r:\n    opt.zero_grad()\n    loss.backward()\n";
        assert_eq!(sign(&with(clears), SignKind::NoZeroGrad), None);
        assert_eq!(sign(&with("for i in r:\n    loss.backward()\n"), SignKind::NoZeroGrad), Some(5));
        assert_eq!(sign(&with("for i in r:\n    loss.backward()\n    w.grad = None\n"), SignKind::NoZeroGrad), None);
        let softmax = SignKind::SoftmaxBeforeCrossEntropy;
        assert_eq!(sign(&with("F.cross_entropy(F.softmax(z, 1), y)\n"), softmax), Some(4));
        assert_eq!(sign(&with("loss = nn.CrossEntropyLoss()\np = z.softmax(1)\nloss(p, y)\n"), softmax), Some(6));
        assert_eq!(
            sign(
                &with(
                    "class M(nn.Module):\n    def forward(self, x):\n        return F.softmax(x, 1)\nnn.CrossEntropyLoss()\n"
                ),
                softmax
            ),
            Some(6)
        );
        assert_eq!(sign(&with("F.cross_entropy(z, y)\nF.softmax(z, 1)\n"), softmax), None);
        let logits = SignKind::SigmoidBeforeLogits;
        assert_eq!(sign(&with("loss = nn.BCEWithLogitsLoss()\nloss(torch.sigmoid(z), y)\n"), logits), Some(5));
        assert_eq!(sign(&with("loss = nn.BCEWithLogitsLoss()\nloss(z, y)\np = torch.sigmoid(z)\n"), logits), None);
        assert_eq!(sign(&with("torch.sigmoid(torch.sigmoid(z))\n"), SignKind::SigmoidTwice), Some(4));
        assert_eq!(sign("x = a // b\n", SignKind::IntegerDivision), Some(1));
        assert_eq!(sign(&with("nn.Dropout(0.5)\n"), SignKind::NoEval), Some(4));
        assert_eq!(sign(&with("m = nn.Dropout(0.5)\nm.eval()\n"), SignKind::NoEval), None);
    }

    #[test]
    fn a_text_that_is_no_program_says_where() {
        assert_eq!(facts("x = 1\nfor\n").syntax_error.unwrap().0, 2);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,80}|[a-z(){}\\[\\]:=\\n '\"#f,+./-]{0,80}") {
            let _ = facts(&text);
        }
    }
}
