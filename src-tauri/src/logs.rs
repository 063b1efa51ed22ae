//! The launcher's log.

use std::io;
use std::path::Path;

use naru_launcher_core::LogFiles;
use tracing::Level;
use tracing_appender::non_blocking::WorkerGuard;

/// Begins to write, and catches what panics say.
pub(crate) fn begin(folder: &Path) -> io::Result<WorkerGuard> {
    let (writer, guard) = tracing_appender::non_blocking(LogFiles::open(folder)?);
    let subscriber =
        tracing_subscriber::fmt().with_writer(writer).with_ansi(false).with_max_level(Level::INFO);
    // A second launcher in one process, as in tests, writes into the log of the first.
    let _ = subscriber.try_init();
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let backtrace = std::backtrace::Backtrace::force_capture();
        tracing::error!(%panic, %backtrace, "the launcher met a fault of its own");
        told(panic);
    }));
    Ok(guard)
}
