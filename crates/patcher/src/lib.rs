//! Naru's patch engine: a build folder becomes a release, a release becomes an install folder.
//!
//! Both directions are a plan, then carrying it out (`publish`, `update`): a plan is a value that a dry run, a dialog and a test
//! read alike. The engine never prints, never reads the environment and never knows who is
//! watching: progress goes to a [`ProgressSink`].

mod disk;
mod error;
mod folder;
mod globs;
mod hash;
mod install_folder;
mod notes;
mod pieces;
mod presence;
mod progress;
mod publish;
mod release;
mod release_log;
mod remote;
mod scan;
mod text_file;
mod update;

pub use disk::free_bytes;
pub use error::{BadEntry, NotAFile, PublishError, ScanError, UpdateError};
pub use folder::{Access, Folder, Intruder};
pub use globs::check_pattern;
pub use install_folder::{GameFileError, GameFiles, InstallFolder, Status};
pub use notes::{NotesError, check_notes, notes_for, plain_notes};
pub use progress::{Phase, PhaseProgress, ProgressSink, Silent, Total, Warning};
pub use publish::{Change, ChangeKind, Prediction, PublishOptions, PublishPlan, Publisher};
pub use release_log::{ChannelOptions, Published, ReleaseLog, ReleaseSummary, RollbackPlan};
pub use scan::{BuildTree, scan_build};
pub use text_file::{TextError, TextProblem, read_text};
pub use update::{
    RateLimit, Repaired, UpdateOptions, UpdatePlan, Updated, Updater, Verification, Wound, WoundKind,
};
