//! Trying again what the system refused.

use std::io;
use std::path::Path;
use std::time::Duration;

use crate::disk::is_missing;
use crate::install_folder::Stage;

/// How often one step is tried.
const TRIES: u32 = 5;

/// The first wait where the system says "in use": on Windows, virus scanners and indexers hold a file
/// open for moments. Each further wait is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(50);

/// All waits of one commit together: where everything is refused, waiting does not help.
const MOST_WAITING: Duration = Duration::from_secs(3);

/// Tries the steps of one commit, each a bounded number of times.
pub(super) struct Persistence<'a> {
    stage: &'a Stage,
    /// Whether the room that was kept for folders that grow is given back.
    has_given_back: bool,
    waited: Duration,
}

impl<'a> Persistence<'a> {
    pub(super) fn new(stage: &'a Stage) -> Self {
        Self { stage, has_given_back: false, waited: Duration::ZERO }
    }

    /// Does one step, and tries again where that can help.
    pub(super) fn of<T>(&mut self, target: &Path, step: impl Fn() -> io::Result<T>) -> io::Result<T> {
        let mut wait = FIRST_WAIT;
        for _ in 1..TRIES {
            match step() {
                Err(error) if is_missing(&error) => return Err(error),
                Err(error) => self.make_way(&error, target, &mut wait),
                done => return done,
            }
        }
        step()
    }

    fn make_way(&mut self, error: &io::Error, target: &Path, wait: &mut Duration) {
        match error.kind() {
            io::ErrorKind::PermissionDenied => {
                clear_read_only(target);
                if self.waited < MOST_WAITING {
                    std::thread::sleep(*wait);
                    self.waited += *wait;
                    *wait *= 2;
                }
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => self.give_back(),
            _ => {}
        }
    }

    fn give_back(&mut self) {
        if !self.has_given_back {
            self.stage.give_back();
            self.has_given_back = true;
        }
    }
}

#[cfg(windows)]
fn clear_read_only(path: &Path) {
    if let Ok(metadata) = std::fs::symlink_metadata(path) {
        let mut permissions = metadata.permissions();
        permissions.set_readonly(false);
        std::fs::set_permissions(path, permissions).ok();
    }
}

/// Elsewhere a file's own mode does not keep it from being renamed or removed.
#[cfg(not(windows))]
fn clear_read_only(_path: &Path) {}
