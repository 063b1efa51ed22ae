//! Naru's patch engine: a build folder becomes a release, a release becomes an install folder.
//!
//! Both directions are a plan, then carrying it out (`publish`, `update`): a plan is a value that a dry run, a dialog and a test
//! read alike. The engine never prints, never reads the environment and never knows who is
//! watching: progress goes to a [`ProgressSink`].

mod cache;
mod claim;
mod commit;
mod disk;
mod error;
mod fetch;
mod finish;
mod folder;
mod free_name;
mod game_files;
mod globs;
mod hash;
mod install_folder;
mod journal;
mod kept;
mod ledger;
mod local_state;
mod lock;
mod looker;
mod modes;
mod mounts;
mod notes;
mod obstacles;
mod offer;
mod own_folder;
mod persist;
mod pieces;
mod prepare;
mod presence;
mod progress;
mod publish;
mod rate;
mod release_log;
mod remote;
mod room;
mod scan;
mod spelling;
mod stage;
mod staged_name;
mod text_file;
mod unlock;
mod update;
mod verify;
mod walk;

pub use disk::free_bytes;
pub use error::{BadEntry, NotAFile, PublishError, ScanError, UpdateError};
pub use folder::Intruder;
pub use folder::{Access, Folder};
pub use game_files::{GameFileError, GameFiles};
pub use globs::check_pattern;
pub use install_folder::InstallFolder;
pub use ledger::Status;
pub use notes::{NotesError, check_notes, notes_for, plain_notes};
pub use progress::{Phase, PhaseProgress, ProgressSink, Silent, Total, Warning};
pub use publish::{Change, ChangeKind, Prediction, PublishOptions, PublishPlan, Publisher};
pub use rate::RateLimit;
pub use release_log::{ChannelOptions, Published, ReleaseLog, ReleaseSummary, RollbackPlan};
pub use scan::{BuildTree, scan_build};
pub use text_file::{TextError, TextProblem, read_text};
pub use update::{UpdateOptions, UpdatePlan, Updated, Updater};
pub use verify::{Repaired, Verification, Wound, WoundKind};
