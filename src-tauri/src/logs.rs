//! The launcher's log: a file a day, the newest are kept.

use std::io;
use std::path::Path;

use tracing::Level;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{Builder, Rotation};

/// Days of which the log is kept.
const KEPT: usize = 7;

/// Begins to write, and catches what panics say.
pub fn begin(folder: &Path) -> io::Result<WorkerGuard> {
    std::fs::create_dir_all(folder)?;
    let files = Builder::new()
        .rotation(Rotation::DAILY)
        .filename_prefix("launcher")
        .filename_suffix("log")
        .max_log_files(KEPT)
        .build(folder)
        .map_err(io::Error::other)?;
    let (writer, guard) = tracing_appender::non_blocking(files);
    let subscriber =
        tracing_subscriber::fmt().with_writer(writer).with_ansi(false).with_max_level(Level::INFO);
    // A second launcher in one process, as in tests, writes into the log of the first.
    let _ = subscriber.try_init();
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        tracing::error!(%panic, "the launcher met a fault of its own");
        told(panic);
    }));
    Ok(guard)
}
