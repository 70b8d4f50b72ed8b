//! What each example says of itself in its head, and whether a run bears it out.
//!
//! An example that measures itself opens with three lines, in its docstring or in comments:
//!
//! ```text
//! Run:    lyceum run examples/language/gpt.py --data courses
//! Result: loss < 1.6, loss < trigram
//! Short:  loss < 3
//! ```
//!
//! The first is the command from the project's folder. The others are what is claimed of a full run and of a short one,
//! which the argument `--short` asks for. A claim compares a name with a number or with another name; their values are
//! in the last line that the program prints: `RESULT loss=1.52 trigram=1.93`.
//!
//! `cargo xtask examples` and the tests of the binary both read this file; running the programs is theirs.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// An example that measures itself.
#[derive(Debug, PartialEq)]
pub struct Example {
    /// Its file, from the project's folder on.
    pub file: String,
    /// What stands after `lyceum run` in its command: the file and options.
    pub arguments: Vec<String>,
    /// What is claimed of a full run.
    pub result: Vec<Claim>,
    /// What is claimed of a short run.
    pub short: Vec<Claim>,
}

/// That one value lies under or over another.
#[derive(Debug, PartialEq)]
pub struct Claim {
    name: String,
    under: bool,
    bar: String,
}

/// The named values of a result line, in its order.
#[derive(Debug, PartialEq)]
pub struct Values(Vec<(String, f64)>);

/// Returns all examples under `examples/` of the project that measure themselves, by name.
pub fn find(project: &Path) -> Result<Vec<Example>, String> {
    let mut files = Vec::new();
    python_files(&project.join("examples"), &mut files)?;
    files.sort();
    let mut examples = Vec::new();
    for path in files {
        let text = fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        let file = path.strip_prefix(project).unwrap_or(&path).display().to_string();
        examples.extend(read(&file, &text)?);
    }
    Ok(examples)
}

fn python_files(folder: &Path, into: &mut Vec<PathBuf>) -> Result<(), String> {
    let failed = |error| format!("cannot list {}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            python_files(&path, into)?;
        } else if path.extension().is_some_and(|extension| extension == "py") {
            into.push(path);
        }
    }
    Ok(())
}

/// Reads the head of a program; `None` where it claims nothing.
fn read(file: &str, text: &str) -> Result<Option<Example>, String> {
    let head: Vec<&str> = text.lines().take(60).map(|line| line.trim_start_matches(['#', ' '])).collect();
    let line = |key: &str| head.iter().find_map(|line| line.strip_prefix(key)).map(str::trim);
    let Some(result) = line("Result:") else { return Ok(None) };
    let missing = |key: &str| format!("{file} has a line `Result:`, but no line `{key}`");
    let short = line("Short:").ok_or_else(|| missing("Short:"))?;
    let command = line("Run:").ok_or_else(|| missing("Run:"))?;
    let arguments: Vec<String> = match command.strip_prefix("lyceum run ") {
        Some(arguments) => arguments.split_whitespace().map(str::to_owned).collect(),
        None => return Err(format!("{file}: `Run:` has to begin with `lyceum run`, not `{command}`")),
    };
    if arguments.first().is_none_or(|first| first != file) {
        return Err(format!("{file}: `Run:` names another file: {command}"));
    }
    let claims = |text: &str| -> Result<Vec<Claim>, String> {
        text.split(',').map(|claim| Claim::read(claim).map_err(|error| format!("{file}: {error}"))).collect()
    };
    Ok(Some(Example { file: file.to_owned(), arguments, result: claims(result)?, short: claims(short)? }))
}

impl Claim {
    fn read(text: &str) -> Result<Self, String> {
        match text.split_whitespace().collect::<Vec<_>>()[..] {
            [name, relation @ ("<" | ">"), bar] => {
                Ok(Self { name: name.to_owned(), under: relation == "<", bar: bar.to_owned() })
            }
            _ => Err(format!("a claim is `name < bar` or `name > bar`, not `{}`", text.trim())),
        }
    }

    /// Says whether the values bear the claim out. A value that is missing or NaN is an error or a miss, never a pass.
    pub fn holds(&self, values: &Values) -> Result<bool, String> {
        let value = values.get(&self.name).ok_or_else(|| format!("the result has no value `{}`", self.name))?;
        let bar = match self.bar.parse() {
            Ok(number) => number,
            Err(_) => values.get(&self.bar).ok_or_else(|| format!("the result has no value `{}`", self.bar))?,
        };
        Ok(if self.under { value < bar } else { value > bar })
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.name, if self.under { '<' } else { '>' }, self.bar)
    }
}

impl Values {
    /// Reads the result line, the last that a program printed.
    pub fn of(printed: &str) -> Result<Self, String> {
        let last = printed.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
        let words = last.strip_prefix("RESULT ").ok_or_else(|| format!("no line `RESULT` at the end, but `{last}`"))?;
        let value = |word: &str| {
            let (name, value) = word.split_once('=')?;
            Some((name.to_owned(), value.parse().ok()?))
        };
        let values = words.split_whitespace().map(|word| value(word).ok_or_else(|| format!("not a value: `{word}`")));
        Ok(Self(values.collect::<Result<_, _>>()?))
    }

    fn get(&self, name: &str) -> Option<f64> {
        self.0.iter().find(|(other, _)| other == name).map(|&(_, value)| value)
    }
}

impl fmt::Display for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<String> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        f.write_str(&words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "\"\"\"A model.\n\nRun:    lyceum run examples/a.py --data courses\n\
                        Result: loss < 1.5, loss < trigram\nShort:  loss < 3\n\"\"\"\n";

    #[test]
    fn a_head_is_read() {
        let example = read("examples/a.py", HEAD).unwrap().unwrap();
        assert_eq!(example.arguments, ["examples/a.py", "--data", "courses"]);
        let claims: Vec<String> = example.result.iter().map(Claim::to_string).collect();
        assert_eq!(claims, ["loss < 1.5", "loss < trigram"]);
        assert_eq!(example.short.len(), 1);
        let commented = HEAD.replace("\"\"\"", "").replace('\n', "\n# ");
        assert_eq!(read("examples/a.py", &commented).unwrap(), Some(example));
        assert_eq!(read("examples/a.py", "import torch\n").unwrap(), None);
    }

    #[test]
    fn a_head_that_is_wrong_is_refused() {
        for (from, to, told) in [
            ("Short:", "Brief:", "no line `Short:`"),
            ("Run:", "Start:", "no line `Run:`"),
            ("lyceum run", "python", "has to begin with `lyceum run`"),
            ("loss < 3", "loss = 3", "not `loss = 3`"),
        ] {
            let error = read("examples/a.py", &HEAD.replace(from, to)).unwrap_err();
            assert!(error.contains(told), "{error}");
        }
        assert!(read("examples/b.py", HEAD).unwrap_err().contains("another file"));
    }

    #[test]
    fn claims_are_compared_with_what_was_measured() {
        let values = Values::of("step 1\nRESULT loss=1.4 trigram=1.9 broken=nan\n\n").unwrap();
        let holds = |claim: &str| Claim::read(claim).unwrap().holds(&values);
        assert_eq!(holds("loss < 1.5"), Ok(true));
        assert_eq!(holds("loss < trigram"), Ok(true));
        assert_eq!(holds("loss > 1.5"), Ok(false));
        assert_eq!((holds("broken < 1"), holds("broken > 1")), (Ok(false), Ok(false)));
        assert!(holds("accuracy > 0.9").is_err() && holds("loss < bigram").is_err());
        assert!(Values::of("RESULT loss").is_err() && Values::of("loss=1").is_err() && Values::of("").is_err());
    }
}
