//! `checks.toml`: what a lab looks at.

use lyceum_lab::{
    Check, Failure, Kind,
    checks::{
        Call, Case, Equivalent, Field, Gradient, Input, Inputs, Metric, Output, Predict, Prepare, Source, Target,
        Tolerance, Training,
    },
};

use crate::{
    input,
    problem::Sink,
    reader::{self, Item, Reader, listed, unique},
};

/// What `checks.toml` says, and where each check stands.
pub(crate) struct Checks {
    pub(crate) variant: bool,
    pub(crate) checks: Vec<(Check, usize)>,
}

const KINDS: [&str; 6] = ["call", "gradient", "predict", "training", "source", "equivalent"];

/// Reads `checks.toml`. A check that names no skills shows `default_skills`.
pub(crate) fn read(text: &str, default_skills: &[String], sink: &Sink<'_>) -> Checks {
    let document = reader::parse(text, sink);
    let table = Reader::new(sink, &document);
    let mut variant = false;
    if let Some(lab) = table.get("lab").and_then(|item| item.table()) {
        variant = lab.flag("variant", false);
        lab.finish();
    }
    let items = table.need("check").and_then(|item| item.items()).unwrap_or_default();
    let mut checks = Vec::new();
    for item in &items {
        let Some(table) = item.table() else { continue };
        if let Some(check) = check(&table, default_skills) {
            checks.push((check, item.at));
        }
        table.finish();
    }
    if items.is_empty() {
        sink.on_line(0, "a lab needs at least one check");
    }
    let is_training = |check: &Check| matches!(check.kind, Kind::Training(_));
    let asks = |check: &Check| !matches!(check.kind, Kind::Training(_) | Kind::Source(_));
    if let Some((training, at)) = checks.iter().find(|(check, _)| is_training(check))
        && !checks.iter().any(|(check, _)| asks(check))
    {
        sink.at(
            *at,
            format!(
                "`{}` looks at losses, which a program can make up; ask for what it learned as well, by a check that \
                 calls it (predict, call, equivalent or gradient)",
                training.id
            ),
        );
    }
    unique(sink, "a check", checks.iter().map(|(check, at)| (check.id.as_str(), *at)));
    table.finish();
    Checks { variant, checks }
}

fn check(table: &Reader<'_>, default_skills: &[String]) -> Option<Check> {
    let id = table.id("id");
    let points = table.need("points").and_then(|item| item.whole(1..=100));
    let skills = table.strings("skills");
    let (title, pass, fail) = (table.text("title"), table.text("pass"), table.text("fail"));
    let hints = table.get("hints").and_then(|item| item.items()).unwrap_or_default();
    let hints = hints.into_iter().filter_map(Item::text).collect();
    let mut messages = std::collections::BTreeMap::new();
    if let Some(table) = table.get("messages").and_then(|item| item.table()) {
        for (name, item) in table.entries() {
            match Failure::ALL.into_iter().find(|failure| failure.name() == name) {
                Some(failure) => messages.extend(item.text().map(|text| (failure, text))),
                None => item.problem(format!(
                    "`{name}` is no way to fail; possible are {}",
                    listed(&Failure::ALL.map(Failure::name))
                )),
            }
        }
    }
    for text in messages.values().chain([&fail, &pass].into_iter().flatten()) {
        placeholders(table, text);
    }
    let kind = kind(table);
    Some(Check {
        id: id?,
        points: points.and_then(|points| u32::try_from(points).ok())?,
        skills: if skills.is_empty() { default_skills.to_vec() } else { skills },
        title: title?,
        pass: pass?,
        fail: fail?,
        hints,
        messages,
        kind: kind?,
    })
}

/// Notes words in braces that were meant to be filled in and are not.
fn placeholders(table: &Reader<'_>, text: &lyceum_lab::Text) {
    let known = lyceum_lab::checks::PLACEHOLDERS;
    for text in [&text.zh, &text.en] {
        for part in text.split('{').skip(1) {
            let Some((word, _)) = part.split_once('}') else { continue };
            // Braces of formulas are left alone: only what is nearly a known word was meant as one.
            let is_near = known.iter().any(|name| strsim::levenshtein(name, word) <= 1);
            if word.len() > 3 && !known.contains(&word) && is_near {
                table.problem(format!("{{{word}}} is not known in a message; possible are {}", listed(&known)));
            }
        }
    }
}

fn kind(table: &Reader<'_>) -> Option<Kind> {
    let found: Vec<&'static str> = KINDS.into_iter().filter(|kind| table.has(kind)).collect();
    for kind in KINDS {
        let _ = table.get(kind);
    }
    let [name] = found.as_slice() else {
        table.problem(format!(
            "a check has exactly one of {}; this one has {}",
            listed(&KINDS),
            match found.as_slice() {
                [] => "none".to_owned(),
                found => listed(found),
            }
        ));
        return None;
    };
    let inner = table.get(name)?.table()?;
    let kind = match *name {
        "call" => call(&inner).map(Kind::Call),
        "gradient" => gradient(&inner).map(Kind::Gradient),
        "predict" => predict(&inner).map(Kind::Predict),
        "training" => training(&inner).map(Kind::Training),
        "source" => source(&inner).map(Kind::Source),
        _ => equivalent(&inner).map(Kind::Equivalent),
    };
    inner.finish();
    kind
}

fn target(table: &Reader<'_>) -> Option<Target> {
    let item = table.need("target")?;
    let name = item.string()?;
    if !is_dotted(&name) {
        item.problem(format!("`{name}` is no name of Python"));
        return None;
    }
    let init = inputs(table, "init", "init_kwargs")?;
    let given = table.has("init") || table.has("init_kwargs");
    let method = table.get("method").map(Item::string);
    if matches!(method, Some(None)) {
        return None;
    }
    Some(Target { name, init: given.then_some(init), method: method.flatten() })
}

fn is_dotted(name: &str) -> bool {
    name.split('.').all(|part| {
        let starts = part.chars().next().is_some_and(|first| first.is_alphabetic() || first == '_');
        starts && part.chars().all(|character| character.is_alphanumeric() || character == '_')
    })
}

/// The inputs under two keys; `None` when one of them is wrong.
fn inputs(table: &Reader<'_>, positional: &'static str, named: &'static str) -> Option<Inputs> {
    let mut inputs = Inputs::default();
    if let Some(item) = table.get(positional) {
        let items = item.items()?;
        inputs.positional = items.iter().filter_map(|item| input::read(*item)).collect();
        if inputs.positional.len() != items.len() {
            return None;
        }
    }
    if let Some(item) = table.get(named) {
        for (name, item) in item.table()?.entries() {
            inputs.named.insert(name.to_owned(), input::read(item)?);
        }
    }
    Some(inputs)
}

fn cases<T>(table: &Reader<'_>, read: impl Fn(&Reader<'_>) -> Option<T>) -> Option<Vec<T>> {
    let item = table.need("cases")?;
    let items = item.items()?;
    if items.is_empty() {
        item.problem("a check needs at least one case");
        return None;
    }
    let mut cases = Vec::new();
    for item in &items {
        let Some(case) = item.table() else { continue };
        cases.extend(read(&case));
        case.finish();
    }
    (cases.len() == items.len()).then_some(cases)
}

fn tolerance(table: &Reader<'_>, rtol: f64, atol: f64) -> Tolerance {
    let read = |key: &'static str, default: f64| match table.get(key) {
        None => default,
        Some(item) => match item.number() {
            Some(value) if value.is_finite() && value >= 0.0 => value,
            Some(value) => {
                item.problem(format!("expected a number that is not negative, found {value}"));
                default
            }
            None => default,
        },
    };
    Tolerance { rtol: read("rtol", rtol), atol: read("atol", atol) }
}

fn call(table: &Reader<'_>) -> Option<Call> {
    let tolerance = tolerance(table, 1e-4, 1e-6);
    let compare_dtype = table.flag("compare_dtype", true);
    let cases = cases(table, |case| {
        let inputs = inputs(case, "args", "kwargs");
        let expect = case.get("expect").map(input::read);
        Some(Case { inputs: inputs?, expect: expect.map_or(Some(None), |expect| expect.map(Some))? })
    });
    Some(Call { target: target(table)?, cases: cases?, tolerance, compare_dtype })
}

fn gradient(table: &Reader<'_>) -> Option<Gradient> {
    let tolerance = tolerance(table, 1e-2, 1e-3);
    let of = table.string("of");
    let wrt: Vec<usize> = match table.get("wrt") {
        None => vec![0],
        Some(item) => {
            let items = item.items()?;
            items.iter().filter_map(|item| item.whole(0..=31).and_then(|index| usize::try_from(index).ok())).collect()
        }
    };
    let cases = cases(table, |case| inputs(case, "args", "kwargs"));
    let target = target(table);
    let cases = cases?;
    for case in &cases {
        for index in &wrt {
            let is_tensor = |input: &Input| !matches!(input, Input::List(_) | Input::Tuple(_));
            if !case.positional.get(*index).is_some_and(is_tensor) {
                table.problem(format!("`wrt` names argument {index}, and a case has no tensor there"));
            }
        }
    }
    if wrt.is_empty() {
        table.problem("`wrt` names no argument");
        return None;
    }
    Some(Gradient { target: target?, of: of?, wrt, cases, tolerance })
}

fn equivalent(table: &Reader<'_>) -> Option<Equivalent> {
    let tolerance = tolerance(table, 1e-4, 1e-5);
    let cases = cases(table, |case| inputs(case, "args", "kwargs"));
    let mut target = target(table)?;
    target.init.get_or_insert_default();
    Some(Equivalent { target, cases: cases?, tolerance })
}

fn predict(table: &Reader<'_>) -> Option<Predict> {
    let target = target(table);
    let outputs = [
        ("logits", Output::Logits),
        ("probabilities", Output::Probabilities),
        ("classes", Output::Classes),
        ("values", Output::Values),
    ];
    let output = table.need("output").and_then(|item| item.word(&outputs));
    let metrics = [Metric::Accuracy, Metric::Mse, Metric::Mae, Metric::F1, Metric::Perplexity];
    let words: Vec<(&str, Metric)> = metrics.iter().map(|metric| (metric.name(), *metric)).collect();
    let metric = table.need("metric").and_then(|item| item.word(&words));
    let (at_least, at_most) = (table.number("at_least"), table.number("at_most"));
    if at_least.is_none() && at_most.is_none() {
        table.problem("a prediction needs a threshold: `at_least` or `at_most`");
    }
    let prepare = match table.get("prepare") {
        None => None,
        Some(item) => Some(item.word(&[("standardise", Prepare::Standardise)])?),
    };
    let seeds = table.whole("seeds", 1..=10).and_then(|seeds| u32::try_from(seeds).ok()).unwrap_or(1);
    let (inputs, labels) = if table.has("data") {
        let set = table.string("data")?;
        let data = input::slice(table, set.clone(), Field::Data)?;
        let target = lyceum_lab::checks::DataSlice { field: Field::Target, ..data.clone() };
        (Some(Input::Data(data)), Some(Input::Data(target)))
    } else {
        (table.need("inputs").and_then(input::read), table.need("labels").and_then(input::read))
    };
    let fits = match (output, metric) {
        (Some(Output::Values), Some(metric)) => matches!(metric, Metric::Mse | Metric::Mae),
        (Some(Output::Classes), Some(metric)) => matches!(metric, Metric::Accuracy | Metric::F1),
        (Some(_), Some(metric)) => !matches!(metric, Metric::Mse | Metric::Mae),
        _ => true,
    };
    if !fits {
        table.problem("this metric cannot be computed of this output");
    }
    if prepare.is_some() && !matches!(inputs, Some(Input::Data(_))) {
        table.problem("`prepare` needs a data set");
    }
    Some(Predict {
        target: target?,
        inputs: inputs?,
        labels: labels?,
        prepare,
        output: output?,
        metric: metric?,
        at_least,
        at_most,
        seeds,
    })
}

fn training(table: &Reader<'_>) -> Option<Training> {
    let count = |key: &'static str| table.whole(key, 0..=1_000_000_000).and_then(|count| u64::try_from(count).ok());
    let training = Training {
        final_loss_below: table.number("final_loss_below"),
        loss_falls_by: table.number("loss_falls_by"),
        steps_at_least: count("steps_at_least"),
        steps_at_most: count("steps_at_most"),
        no_nan: table.flag("no_nan", false),
        seconds_below: table.number("seconds_below"),
        memory_mib_below: table.number("memory_mib_below"),
    };
    if training == Training::default() {
        table.problem("this check asks for nothing");
        return None;
    }
    Some(training)
}

fn source(table: &Reader<'_>) -> Option<Source> {
    let source = Source {
        must_use: table.strings("must_use"),
        must_not_use: table.strings("must_not_use"),
        defines_class_from: table.get("defines_class_from").and_then(Item::string),
        max_lines: table.whole("max_lines", 1..=100_000).and_then(|lines| usize::try_from(lines).ok()),
    };
    for name in source.must_use.iter().chain(&source.must_not_use).chain(&source.defines_class_from) {
        if !is_dotted(name) {
            table.problem(format!("`{name}` is no name of Python"));
        }
    }
    if source == Source::default() {
        table.problem("this check asks for nothing");
        return None;
    }
    Some(source)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn problems(text: &str) -> Vec<String> {
        let sink = Sink::new(Path::new("checks.toml"), text);
        read(text, &[], &sink);
        sink.into_problems().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_training_alone_proves_nothing() {
        let text = |word: &str| format!("{word} = {{ zh = '好', en = 'good' }}\n");
        let head =
            |id: &str| format!("[[check]]\nid = '{id}'\npoints = 1\n{}{}{}", text("title"), text("pass"), text("fail"));
        let training = head("learns") + "[check.training]\nfinal_loss_below = 0.1\n";
        let alone = problems(&training);
        assert!(
            matches!(alone.as_slice(), [problem] if problem.starts_with("checks.toml:1: `learns` looks at losses")),
            "{alone:?}"
        );
        let called = head("adds") + "[check.call]\ntarget = 'f'\ncases = [{ args = [1], expect = 2 }]\n";
        assert_eq!(problems(&(training + &called)), Vec::<String>::new());
    }
}
