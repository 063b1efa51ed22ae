//! Records which release was last invalidated from this machine.
//!
//! Never needed for correctness: without it, the invalidation is repeated.

use std::path::{Path, PathBuf};

use naru_protocol::Digest;

/// The marker of one pointer in the per-user cache folder.
pub(super) struct InvalidationMarker {
    place: PathBuf,
}

impl InvalidationMarker {
    pub(super) fn of(cache: &Path, store: &str, key: &str) -> Self {
        let name = Digest::of(format!("{store}\n{key}").as_bytes()).to_string();
        Self { place: cache.join("invalidated").join(name) }
    }

    /// Whether the edge is known to have dropped what came before this release.
    pub(super) fn is_at(&self, number: u64) -> bool {
        std::fs::read_to_string(&self.place).is_ok_and(|text| text == number.to_string())
    }

    /// A marker that can't be written only costs another invalidation.
    pub(super) fn set(&self, number: u64) {
        if let Some(folder) = self.place.parent() {
            std::fs::create_dir_all(folder).ok();
        }
        std::fs::write(&self.place, number.to_string()).ok();
    }
}
