//! Panics, which are bugs of Naru. They keep the contract of a failure: exit code, `error`
//! line, state, hint, and a report for the developers.

use std::backtrace::Backtrace;
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use naru_protocol::ErrorCode;
use tokio::sync::Notify;

use crate::failure::Failure;
use crate::language::{Words, words};

/// Watches for panics on all threads of the process.
#[derive(Clone)]
pub struct Panics(Arc<Shared>);

#[derive(Default)]
struct Shared {
    first: Mutex<Option<Panic>>,
    met: Notify,
    /// Ends the process while there is no runtime yet that could report a panic.
    at_once: Mutex<Option<End>>,
}

type End = Box<dyn Fn(Failure) + Send>;

struct Panic {
    what: String,
    report: Option<PathBuf>,
}

impl Panics {
    /// From here on a panic is noted instead of printed, and reported in `folder`.
    pub fn watch(folder: Option<PathBuf>) -> Self {
        let panics = Self(Arc::default());
        let watched = panics.clone();
        std::panic::set_hook(Box::new(move |info| watched.note(info, folder.as_deref())));
        panics
    }

    /// Waits for a panic of any thread: the panic of a detached worker would leave the command hanging.
    pub async fn met(&self) {
        self.0.met.notified().await;
    }

    /// Makes something during which a panic is the end: `end` tells of it and ends the process. What is
    /// half made may wait for its other half for ever when it is dropped.
    pub fn ending<T>(&self, end: impl Fn(Failure) + Send + 'static, make: impl FnOnce() -> T) -> T {
        *self.at_once() = Some(Box::new(end));
        let made = make();
        *self.at_once() = None;
        made
    }

    fn at_once(&self) -> MutexGuard<'_, Option<End>> {
        self.0.at_once.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first panic, as a failure.
    pub fn failure(&self) -> Failure {
        let first = self.0.first.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(Panic { what, report }) = &*first else {
            return Failure::plain(ErrorCode::Internal);
        };
        let mut failure = Failure::new(ErrorCode::Internal, Words::same(what));
        if let Some(report) = report.as_ref().map(|report| report.display()) {
            failure.detail.push(words!("a report is in {report}", "보고서: {report}"));
            failure = failure.with_hint(words!(
                "run the command again; if it still fails, send us {report}",
                "다시 실행하십시오. 또 실패하면 {report} 파일을 보내 주십시오"
            ));
        }
        failure
    }

    fn note(&self, info: &PanicHookInfo<'_>, folder: Option<&Path>) {
        let what = info.to_string().replace('\n', " ");
        let report = folder.and_then(|folder| write_report(folder, &what));
        let mut first = self.0.first.lock().unwrap_or_else(PoisonError::into_inner);
        // Later ones follow from it.
        if first.is_none() {
            *first = Some(Panic { what, report });
        }
        drop(first);
        if let Some(end) = self.at_once().take() {
            end(self.failure());
        }
        self.0.met.notify_one();
    }
}

/// Writes what is needed to fix it. It holds nothing of the environment and of the command line, where
/// secrets may stand.
fn write_report(folder: &Path, what: &str) -> Option<PathBuf> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    let path = folder.join(format!("panic-{now}-{}.txt", std::process::id()));
    let (version, thread) = (env!("CARGO_PKG_VERSION"), std::thread::current());
    let (system, machine) = (std::env::consts::OS, std::env::consts::ARCH);
    let text = format!(
        "naru {version} on {system} {machine}\nthread: {}\n{what}\n\n{}\n",
        thread.name().unwrap_or("without a name"),
        Backtrace::force_capture()
    );
    std::fs::create_dir_all(folder).ok()?;
    std::fs::write(&path, text).ok()?;
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_of_a_thread_that_nobody_waits_for_is_met() {
        let folder = tempfile::tempdir().expect("a folder");
        let panics = Panics::watch(Some(folder.path().to_owned()));
        std::thread::spawn(|| panic!("a fault\nof two lines"));
        panics.met().await;
        drop(std::panic::take_hook());
        let failure = panics.failure();
        assert_eq!(failure.code, ErrorCode::Internal, "it is a fault of our own");
        let what = &failure.detail[0].english;
        assert!(what.contains("panicked at") && what.contains("a fault of two lines"), "{what}");
        let report = failure.detail[1].english.strip_prefix("a report is in ").expect("a report");
        let report = std::fs::read_to_string(report).expect("it is there");
        assert!(report.contains("thread: ") && report.contains("a fault"), "{report}");
    }
}
