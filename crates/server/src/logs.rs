//! Logs: one line for each request and for whatever an operator should know, as text or as JSON.

use std::io;

use tracing_subscriber::{EnvFilter, fmt, prelude::*};

/// The form of the log's lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a person.
    Text,
    /// For a program: one JSON object a line.
    Json,
}

/// Begins to write the log to standard error. `filter` is a level, or what `tracing` calls a filter:
/// `info,lyceum_server=debug`.
///
/// # Errors
/// When the filter is none, or a log is written already.
pub fn begin(format: Format, filter: &str) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let filter = EnvFilter::try_new(filter)?;
    let layers = tracing_subscriber::registry().with(filter);
    match format {
        Format::Text => {
            let is_terminal = io::IsTerminal::is_terminal(&io::stderr());
            layers.with(fmt::layer().with_writer(io::stderr).with_ansi(is_terminal).with_target(false)).try_init()?;
        }
        Format::Json => {
            let layer = fmt::layer().json().flatten_event(true).with_current_span(true).with_span_list(false);
            layers.with(layer.with_writer(io::stderr)).try_init()?;
        }
    }
    Ok(())
}
