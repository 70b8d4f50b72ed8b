//! The worker of these tests: its "program" is a file with the name of a behaviour.

use std::{
    fs,
    io::{self, Write},
    process::ExitCode,
    sync::Arc,
    thread,
    time::Duration,
};

use lyceum_lab::{
    Event, LabReport, Outcome,
    sandbox::{Inheritance, Task, Worker},
    wire::write_message,
};

/// Does what the order says, in the process that a test has started.
pub fn work(arguments: &[String]) -> ExitCode {
    let number = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name).expect("the parent gives it");
        arguments[at + 1].parse().expect("a number")
    };
    let inheritance = Inheritance { order: number("--order"), events: number("--events"), parent: number("--parent") };
    let worker = Worker::take_over(inheritance).expect("this process is a worker");
    let job = match worker.task() {
        Task::Job(job) => (**job).clone(),
        Task::Attempt(_) => return ExitCode::from(worker.attempt().expect("an attempt is made")),
    };
    let program = match fs::read_to_string(&job.program) {
        Ok(program) => program,
        Err(error) => {
            worker.refuse(&format!("cannot read the program: {error}"));
            return ExitCode::from(2);
        }
    };
    let mut events = worker.confine().expect("this process can be confined");
    let out = job.files.out.expect("a confined run has a folder");
    let mut report = LabReport::ended(Outcome::Finished);
    let mut words = program.split_whitespace();
    match words.next().unwrap_or_default() {
        "nothing" => {}
        "print" => {
            println!("out 一");
            eprintln!("err 二");
        }
        "flood" => loop {
            let _ = io::stdout().write_all(&[b'x'; 4096]);
        },
        "spin" => loop {
            std::hint::black_box(0);
        },
        "spin-threads" => {
            for _ in 0..4 {
                thread::spawn(|| {
                    loop {
                        std::hint::black_box(0);
                    }
                });
            }
            thread::sleep(Duration::from_secs(60));
        }
        "sleep" => thread::sleep(Duration::from_secs(60)),
        "ignore-signals" => {
            for signal in 1..=31 {
                // SAFETY: only "ignore" is set, where that is possible.
                unsafe { libc::signal(signal, libc::SIG_IGN) };
            }
            loop {
                std::hint::black_box(0);
            }
        }
        "eat-memory" => {
            let mut kept = Vec::new();
            loop {
                kept.push(vec![1u8; 1 << 20]);
            }
        }
        "map-memory" => {
            // Memory that no counting allocator sees.
            let (access, kind) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
            // SAFETY: a fresh mapping that nobody uses.
            let mapped = unsafe { libc::mmap(std::ptr::null_mut(), 100 << 30, access, kind, -1, 0) };
            println!("{}", if mapped == libc::MAP_FAILED { "refused" } else { "mapped" });
        }
        "many-threads" => {
            let started = (0..5_000)
                .map_while(|_| {
                    thread::Builder::new().stack_size(64 << 10).spawn(|| thread::sleep(Duration::from_secs(5))).ok()
                })
                .count();
            println!("{started}");
        }
        "large-file" => {
            let mut file = fs::File::create(out.join("large")).expect("a file");
            let error = loop {
                if let Err(error) = file.write_all(&[0; 1 << 20]) {
                    break error;
                }
            };
            println!("{error}");
        }
        "many-files" => {
            for number in 0.. {
                if fs::write(out.join(number.to_string()), [1; 64 << 10]).is_err() {
                    break;
                }
            }
        }
        "many-folders" => {
            for number in 0.. {
                if fs::create_dir(out.join(number.to_string())).is_err() {
                    break;
                }
            }
        }
        "write" => {
            fs::create_dir(out.join("sub")).expect("a folder");
            fs::write(out.join("sub/result"), "12345").expect("a file");
            fs::write(out.join("large"), [0; 1000]).expect("a file");
            println!(
                "{:?}",
                std::os::unix::fs::symlink("/etc/passwd", out.join("planted")).map_err(|error| error.kind())
            );
        }
        "forge" => {
            // On every descriptor that there is: a report that everything went well.
            let forged = b"\n{\"report\":{\"outcome\":\"finished\",\"exit_code\":0,\"metrics\":{\"score\":100.0}}}\n";
            for descriptor in 0..300 {
                // SAFETY: writes bytes that live here to a descriptor that is there or not.
                unsafe { libc::write(descriptor, forged.as_ptr().cast(), forged.len()) };
            }
            report = LabReport::ended(Outcome::Raised);
            report.exit_code = 1;
        }
        "forge-and-die" => {
            let _ = events.write_all(b"{\"report\":{\"outcome\":\"finished\",\"exit_code\":0}}\n");
            thread::sleep(Duration::from_secs(60));
        }
        "late-refusal" => {
            let _ = events.write_all(b"{\"refused\":\"the machine is full\"}\n");
        }
        "garbage" => {
            let _ = events.write_all(&[0xff; 100_000]);
            let _ = events.write_all(b"\n[]\n{}\n{\"event\":3}\n\0\n");
        }
        "long-line" => {
            for _ in 0..40 {
                let _ = events.write_all(&[b'x'; 1 << 20]);
            }
            let _ = events.write_all(b"\n");
        }
        "events" => {
            for step in 1..=3 {
                let event = Event::Scalar { step, name: "loss".into(), value: f64::NAN, time: 0.5 };
                write_message(&mut events, &event.into()).expect("the parent reads");
            }
        }
        "exit" => std::process::exit(words.next().and_then(|code| code.parse().ok()).unwrap_or(0)),
        "abort" => std::process::abort(),
        "socket" => {
            let _ = std::net::UdpSocket::bind("127.0.0.1:0");
        }
        "descriptors" => {
            let open = (3..10_000).filter(|descriptor| {
                // SAFETY: asks for a descriptor's flags, which exist or not.
                unsafe { libc::fcntl(*descriptor, libc::F_GETFD) >= 0 }
            });
            println!("{}", open.count());
        }
        "threads" => {
            let sum: Arc<std::sync::Mutex<u64>> = Arc::default();
            thread::scope(|scope| {
                for _ in 0..8 {
                    scope.spawn(|| *sum.lock().expect("no thread panics") += 1);
                }
            });
            println!("{}", sum.lock().expect("no thread panics"));
        }
        "input" => println!("{:?}", io::stdin().lines().next().map(|line| line.is_ok())),
        other => panic!("no behaviour is named {other:?}"),
    }
    write_message(&mut events, &report.clone().into()).expect("the parent reads");
    ExitCode::from(report.exit_code)
}
