//! `lyceum doctor`: what this system has of the confinement, and whether it holds.

use std::io::{self, Write};

use anyhow::Result;
use clap::Args;
use lyceum_lab::sandbox::{self, Attempt, Came, Confinement, Denial, Kernel, Strength};
use serde::Serialize;

/// Tries everything that a program must not be able to do, and shows whether it was denied.
///
/// Each attempt is made for real, in a process confined as that of a lab. Attempts are harmless where
/// they succeed.
#[derive(Args)]
#[command(after_help = "\
Exit status:
  0 when everything was denied, 1 when something was not, 2 when no process could be confined")]
pub struct DoctorArgs {
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
    /// Try it with what this system has, if that is not everything.
    #[arg(long)]
    allow_weak_sandbox: bool,
    /// Try it without any confinement, to see that the attempts are real.
    #[arg(long, conflicts_with = "allow_weak_sandbox")]
    no_sandbox: bool,
}

/// What came of one attempt.
#[derive(Serialize)]
struct Examined {
    attempt: &'static str,
    what: &'static str,
    expected: Denial,
    came: Came,
    denied: bool,
}

#[derive(Serialize)]
struct Diagnosis {
    kernel: Kernel,
    missing: Vec<sandbox::Part>,
    attempts: Vec<Examined>,
    denied: usize,
    all_denied: bool,
}

pub fn run(args: &DoctorArgs) -> Result<u8> {
    let strength = match (args.no_sandbox, args.allow_weak_sandbox) {
        (true, _) => Strength::Off,
        (false, true) => Strength::Weak,
        (false, false) => Strength::Full,
    };
    let confinement = Confinement::lab().with(strength);
    let attempts =
        sandbox::attempts().iter().map(|attempt| examine(attempt, &confinement)).collect::<Result<Vec<_>>>()?;
    let kernel = Kernel::this().clone();
    let denied = attempts.iter().filter(|examined| examined.denied).count();
    let diagnosis =
        Diagnosis { missing: kernel.missing(), kernel, all_denied: denied == attempts.len(), denied, attempts };
    if args.json {
        serde_json::to_writer_pretty(io::stdout(), &diagnosis)?;
        writeln!(io::stdout())?;
    } else {
        io::stdout().write_all(text(&diagnosis).as_bytes())?;
    }
    Ok(u8::from(!diagnosis.all_denied))
}

fn examine(attempt: &Attempt, confinement: &Confinement) -> Result<Examined> {
    let came = sandbox::examine(attempt, confinement)?;
    Ok(Examined {
        attempt: attempt.name,
        what: attempt.what,
        expected: attempt.expected,
        denied: matches!(came, Came::Denied(_)),
        came,
    })
}

fn text(diagnosis: &Diagnosis) -> String {
    let Kernel { landlock_abi, seccomp, is_root, first_user } = &diagnosis.kernel;
    let yes = |is: bool| if is { "yes" } else { "no" };
    let mut text = format!("Landlock version   {landlock_abi}\nseccomp filters    {}\n", yes(*seccomp));
    text += &match (is_root, first_user) {
        (false, _) => "user of a run      yours\n".to_owned(),
        (true, Some(first)) => format!("user of a run      one of its own, from {first}\n"),
        (true, None) => "user of a run      root, for want of others\n".to_owned(),
    };
    for part in &diagnosis.missing {
        let weight = if part.is_essential() { "essential" } else { "a second wall" };
        text += &format!("missing            {part}, {weight}\n");
    }
    text.push('\n');
    for Examined { attempt, what, came, .. } in &diagnosis.attempts {
        let came = match came {
            Came::Denied(Denial::Fails) => "denied".to_owned(),
            Came::Denied(Denial::Absent) => "denied: does not exist".to_owned(),
            Came::Denied(Denial::Ends) => "denied: the process was ended".to_owned(),
            Came::Happened => "NOT DENIED".to_owned(),
            Came::Tried(error) => format!("NOT DENIED: {}", io::Error::from_raw_os_error(*error)),
        };
        text += &format!("{attempt:<18} {what:<46} {came}\n");
    }
    text += &format!("\n{} of {} attempts were denied\n", diagnosis.denied, diagnosis.attempts.len());
    text
}
