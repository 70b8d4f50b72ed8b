//! Trying a course out: its lessons' programs, its starters, its solutions and its known wrong answers.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use lyceum_lab::{Event, Grade, Language, Notice, Outcome, grading::Status};

use crate::{
    Problem, Unit,
    lesson::LessonProgram,
    load::EXHIBITS,
    submission::{Bench, LESSON_SECONDS, run_alone, run_lesson_program, submit_variants},
};

/// The learners whose variants a lab is tried out with.
const LEARNERS: [&str; 2] = ["first-variant", "second-variant"];

/// One thing to try.
enum Trial<'a> {
    Program { unit: &'a Unit, language: Language, program: &'a LessonProgram },
    Starter { unit: &'a Unit },
    Solution { unit: &'a Unit },
    Exhibits { unit: &'a Unit },
    Mutant { unit: &'a Unit, at: usize },
}

/// Runs everything that a course holds, and returns what does not behave as it should.
///
/// `folder` is that of the course; `progress` is told what was done, and how much of how many.
///
/// # Errors
/// When Lyceum itself failed.
pub fn try_out(
    units: &[(&Unit, PathBuf)],
    bench: &Bench<'_>,
    progress: &(dyn Fn(&str, usize, usize) + Sync),
) -> io::Result<Vec<Problem>> {
    let mut trials = Vec::new();
    for (unit, folder) in units {
        for (language, lesson) in [(Language::Zh, &unit.zh), (Language::En, &unit.en)] {
            trials.extend(lesson.runs().map(|program| (Trial::Program { unit, language, program }, folder)));
        }
        let Some(files) = &unit.lab else { continue };
        trials.push((Trial::Starter { unit }, folder));
        trials.push((Trial::Solution { unit }, folder));
        trials.extend(files.exhibits.iter().map(|_| (Trial::Exhibits { unit }, folder)));
        trials.extend((0..files.mutants.len()).map(|at| (Trial::Mutant { unit, at }, folder)));
    }
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let problems = Mutex::new(Vec::new());
    let failure = Mutex::new(None);
    let work = || {
        while let Some((trial, folder)) = trials.get(next.fetch_add(1, Ordering::Relaxed)) {
            match run(trial, folder, bench) {
                Ok(found) => lock(&problems).extend(found),
                Err(error) => *lock(&failure) = Some(error),
            }
            progress(&trial.name(), done.fetch_add(1, Ordering::Relaxed) + 1, trials.len());
        }
    };
    let workers = thread::available_parallelism().map_or(1, usize::from).min(trials.len().max(1));
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(work);
        }
    });
    match failure.into_inner().unwrap_or_default() {
        Some(error) => Err(error),
        None => {
            let mut problems = problems.into_inner().unwrap_or_default();
            problems.sort();
            Ok(problems)
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Trial<'_> {
    fn name(&self) -> String {
        match self {
            Trial::Program { unit, language, program } => {
                format!("{}/lesson.{}.md:{}", unit.id, language.code(), program.line)
            }
            Trial::Starter { unit } => format!("{}/starter.py", unit.id),
            Trial::Solution { unit } => format!("{}/solution.py", unit.id),
            Trial::Exhibits { unit } => format!("{}/{EXHIBITS}", unit.id),
            Trial::Mutant { unit, at } => {
                let file = unit.lab.as_ref().and_then(|lab| lab.mutants.get(*at)).map_or("", |mutant| &mutant.file);
                format!("{}/{file}", unit.id)
            }
        }
    }
}

fn run(trial: &Trial<'_>, folder: &Path, bench: &Bench<'_>) -> io::Result<Vec<Problem>> {
    let problem = |file: &str, line: usize, message: String| Problem { file: folder.join(file), line, message };
    let graded = |unit: &Unit, text: &str| -> io::Result<Vec<Grade>> {
        let Some(files) = &unit.lab else { return Ok(Vec::new()) };
        let examined = submit_variants(files, text, &LEARNERS, bench, &mut |_| {}).map_err(io::Error::other)?;
        Ok(examined.into_iter().map(|examined| examined.grade).collect())
    };
    let mut problems = Vec::new();
    match trial {
        Trial::Program { language, program, .. } => {
            if let Some((line, message)) = run_program(&program.text, bench)? {
                let file = format!("lesson.{}.md", language.code());
                let message = format!("this program does not run: {message}");
                problems.push(problem(&file, program.line + line.saturating_sub(1), message));
            }
        }
        Trial::Starter { unit } => {
            let starter = unit.lab.as_ref().map_or("", |lab| &lab.starter);
            for grade in graded(unit, starter)? {
                match grade.status {
                    Status::Pass => problems.push(problem("starter.py", 0, "the starter passes".into())),
                    Status::NotGradable => {
                        problems.push(problem(
                            "starter.py",
                            0,
                            format!("the starter cannot be graded: {}", reasons(&grade)),
                        ));
                    }
                    _ => {}
                }
            }
        }
        Trial::Solution { unit } => {
            let solution = unit.lab.as_ref().map_or("", |lab| &lab.solution);
            for grade in graded(unit, solution)? {
                if grade.status != Status::Pass || grade.score != grade.max_score {
                    let message = format!(
                        "the solution does not pass ({} of {} points): {}",
                        grade.score,
                        grade.max_score,
                        reasons(&grade)
                    );
                    problems.push(problem("solution.py", 0, message));
                }
            }
        }
        Trial::Exhibits { unit } => {
            let Some(files) = &unit.lab else { return Ok(problems) };
            let mut count = 0;
            let report = run_alone(files, &files.solution, false, bench.data_home(), |job| {
                bench.runner.run(job, &mut |event| count += usize::from(matches!(event, Event::Exhibit { .. })))
            })?;
            for notice in &report.notices {
                if let Notice::NoExhibit { message } = notice {
                    problems.push(problem(EXHIBITS, 0, format!("with the solution this exhibit fails: {message}")));
                }
            }
            if count == 0 && problems.is_empty() {
                problems.push(problem(EXHIBITS, 0, "with the solution it makes no exhibit".into()));
            }
        }
        Trial::Mutant { unit, at } => {
            let Some(mutant) = unit.lab.as_ref().and_then(|lab| lab.mutants.get(*at)) else { return Ok(problems) };
            for grade in graded(unit, &mutant.text)? {
                for test in grade.tests.iter().filter(|test| mutant.fails.contains(&test.id)) {
                    match test.status {
                        Status::Pass => {
                            let message = format!("this wrong answer passes the check `{}`", test.id);
                            problems.push(problem(&mutant.file, 1, message));
                        }
                        Status::NotGradable => {
                            let message = format!("the check `{}` cannot be graded here", test.id);
                            problems.push(problem(&mutant.file, 1, message));
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    problems.dedup();
    Ok(problems)
}

/// The checks that did not pass, and why.
fn reasons(grade: &Grade) -> String {
    let run = grade.message.iter().map(|message| message.en.clone());
    let tests = grade.tests.iter().filter(|test| test.status != Status::Pass).map(|test| {
        let observed = test.observed.as_ref().map_or(String::new(), |observed| format!(" ({})", observed.en));
        format!("`{}`: {}{observed}", test.id, test.message.en)
    });
    run.chain(tests).collect::<Vec<_>>().join("; ")
}

/// Runs a lesson's program. Returns its line and what is wrong, if something is.
fn run_program(text: &str, bench: &Bench<'_>) -> io::Result<Option<(usize, String)>> {
    let mut file = String::new();
    let report = run_lesson_program(text, bench.data_home(), |job| {
        file = job.program.to_string_lossy().into_owned();
        bench.runner.run(job, &mut |_: &Event| {})
    })?;
    let line = |exception: &lyceum_lab::Exception| exception.line_in(&file).unwrap_or(1) as usize;
    Ok(match (report.outcome, &report.exception) {
        (Outcome::Finished, _) if report.exit_code == 0 => None,
        (_, Some(exception)) => Some((line(exception), format!("{}: {}", exception.class, exception.message))),
        (Outcome::TimedOut, _) => Some((1, format!("it takes longer than {LESSON_SECONDS} s"))),
        (outcome, _) => Some((1, format!("it ends with {outcome:?}, status {}", report.exit_code))),
    })
}

/// Reads the folder of each unit.
pub fn folders<'u>(course: &'u crate::Course, folder: &Path) -> Vec<(&'u Unit, PathBuf)> {
    course
        .units
        .iter()
        .map(|unit| (unit, folder.join(&unit.id)))
        .filter(|(_, path)| fs::metadata(path).is_ok())
        .collect()
}
