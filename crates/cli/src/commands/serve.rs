//! `lyceum serve`

use std::{
    io::{self, Write},
    net::SocketAddr,
    num::NonZeroUsize,
    path::PathBuf,
};

use anyhow::{Context, Error, Result};
use clap::{Args, ValueEnum};
use lyceum_lab::{Language, sandbox::Strength};
use lyceum_server::{Config, Server, ServerError, logs};
use tokio::signal::unix::{SignalKind, signal};

use super::admin::DatabaseArgs;
use crate::{hint, language, memory};

/// Opens the courses in a browser: serves the page, runs programs and keeps everybody's work.
///
/// This is also what `lyceum` does without a command. On the first start it prints a link, once, behind which the
/// first account is made.
#[derive(Args)]
#[command(after_help = "\
Examples:
  lyceum serve
  lyceum serve --data /srv/lyceum --courses courses/mine
  lyceum serve --listen 0.0.0.0:8600 --behind-tls --host learn.example.org --log-format json")]
pub struct ServeArgs {
    /// Where to listen.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8600")]
    listen: SocketAddr,
    #[command(flatten)]
    database: DatabaseArgs,
    /// The folders of the courses; without them the built-in one.
    #[arg(long, value_name = "DIR", num_args = 1..)]
    courses: Vec<PathBuf>,
    /// TLS ends in front of this server, in a proxy that says who asks in X-Forwarded-For.
    #[arg(long)]
    behind_tls: bool,
    /// A name by which the server is reached, beside those of this machine.
    #[arg(long = "host", value_name = "NAME")]
    hosts: Vec<String>,
    /// How many programs run at the same time; without it as many as there are cores.
    #[arg(long, value_name = "N")]
    workers: Option<NonZeroUsize>,
    /// How many programs may wait.
    #[arg(long, value_name = "N", default_value_t = 256)]
    queue: usize,
    /// What is logged: a level, or a filter such as info,lyceum_server=debug.
    #[arg(long, value_name = "FILTER", env = "LYCEUM_LOG", hide_env_values = true, default_value = "info")]
    log: String,
    /// How it is logged, on standard error.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    log_format: LogFormat,
    /// Serve the page from a folder where it was built, instead of the one inside this binary.
    #[arg(long, value_name = "DIR", env = "LYCEUM_WEB_DIR", hide_env_values = true)]
    web: Option<PathBuf>,
    /// Run programs even where the system cannot confine them fully.
    #[arg(long)]
    allow_weak_sandbox: bool,
}

/// The form of the log's lines.
#[derive(Clone, Copy, ValueEnum)]
enum LogFormat {
    Text,
    Json,
}

impl Default for ServeArgs {
    /// What `lyceum` does without a command.
    fn default() -> Self {
        #[derive(clap::Parser)]
        struct Alone {
            #[command(flatten)]
            serve: ServeArgs,
        }
        <Alone as clap::Parser>::parse_from(["lyceum"]).serve
    }
}

pub fn run(args: &ServeArgs) -> Result<()> {
    let format = match args.log_format {
        LogFormat::Text => logs::Format::Text,
        LogFormat::Json => logs::Format::Json,
    };
    logs::begin(format, &args.log).map_err(|error| {
        hint::error(format!("`{}` says nothing about a log: {error}", args.log), "give a level, such as info or debug")
    })?;
    let config = config(args)?;
    memory::give_freed_memory_back();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start")?;
    runtime.block_on(async {
        // Before anything is opened, so that no signal finds the server half-way.
        let ended = ended()?;
        let server = Server::start(config).await.map_err(with_hint)?;
        greet(&server)?;
        server.run(ended).await;
        Ok(())
    })
}

fn config(args: &ServeArgs) -> Result<Config> {
    let mut config = Config::local(args.database.folder()?);
    config.listen = args.listen;
    config.behind_tls = args.behind_tls;
    config.hosts.clone_from(&args.hosts);
    config.catalogue = std::env::var_os("LYCEUM_DATA_DIR").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    config.database.clone_from(&args.database.database_url);
    config.courses.clone_from(&args.courses);
    config.workers = args.workers;
    config.queue = args.queue;
    config.strength = if args.allow_weak_sandbox { Strength::Weak } else { Strength::Full };
    config.web.clone_from(&args.web);
    Ok(config)
}

/// Comes true when somebody asks the process to end.
fn ended() -> Result<impl Future<Output = ()>> {
    let listen = |kind| signal(kind).context("cannot notice signals");
    let (mut interrupt, mut terminate, mut hang_up) =
        (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?, listen(SignalKind::hangup())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
        }
    })
}

/// Says where the page is, and where the first account is made.
fn greet(server: &Server) -> Result<()> {
    let mut out = io::stdout().lock();
    match (server.setup_link(), language::from_env()) {
        (None, Language::Zh) => writeln!(out, "学园已启动：{}", server.origin())?,
        (None, Language::En) => writeln!(out, "Lyceum is at {}", server.origin())?,
        (Some(link), Language::Zh) => {
            writeln!(out, "学园已启动。请在浏览器里打开这个链接，创建第一个账号（只能用一次）：\n{link}")?
        }
        (Some(link), Language::En) => {
            writeln!(
                out,
                "Lyceum is running. Open this link in a browser to make the first account; it works once:\n{link}"
            )?;
        }
    }
    out.flush()?;
    Ok(())
}

/// Says what can be done about a server that does not start.
fn with_hint(error: ServerError) -> Error {
    let hint = match &error {
        ServerError::Public { .. } => {
            "put a proxy with TLS in front and say so with --behind-tls, or listen on 127.0.0.1"
        }
        ServerError::Sandbox { .. } => {
            "`lyceum doctor` says more; --allow-weak-sandbox runs programs with what there is, on a machine of your own"
        }
        ServerError::Listen { source, .. } if source.kind() == io::ErrorKind::AddrInUse => {
            "another program listens there; choose another address with --listen"
        }
        ServerError::Store(lyceum_store::Error::Served) => {
            "a server runs on this data already; another folder can be given with --data"
        }
        ServerError::Library(_) => "`lyceum course check DIR` says what is wrong with a course",
        _ => return error.into(),
    };
    let error = Error::from(error);
    hint::error(format!("{error:#}"), hint)
}
