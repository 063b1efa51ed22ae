//! Naru's patch engine: a build folder becomes a release, a release becomes an install folder.
//!
//! Both directions are a plan, then carrying it out. A plan is a value that a dry run, a dialog and a
//! test read alike; [`Publisher::publish`] and [`Updater::update`] take it.
//!
//! | type | needs | does |
//! | --- | --- | --- |
//! | [`InstallFolder`] | a folder | says what is installed, verifies it, finishes an interrupted commit |
//! | [`Updater`] | a folder and a store to read | updates, repairs |
//! | [`ReleaseLog`] | a store to write | lists the releases of a channel, rolls back |
//! | [`Publisher`] | a release log and a build folder | publishes |
//!
//! ```
//! use std::sync::Arc;
//!
//! use naru_patcher::{
//!     ChannelOptions, InstallFolder, PublishOptions, Publisher, ReleaseLog, Silent, UpdateOptions, Updater,
//! };
//! use naru_store::MemoryStore;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let folder = tempfile::tempdir()?;
//! let (build, game) = (folder.path().join("build"), folder.path().join("game"));
//! std::fs::create_dir(&build)?;
//! std::fs::write(build.join("level.txt"), "the first level")?;
//!
//! // A studio publishes its build folder.
//! let store = Arc::new(MemoryStore::new());
//! let log = ReleaseLog::new(store.clone(), None, ChannelOptions::default(), Arc::new(Silent));
//! let publisher = Publisher::new(log, PublishOptions::new(&build));
//! let plan = publisher.plan().await?;
//! assert_eq!((plan.next, plan.upload_bytes), (1, 15));
//! let published = publisher.publish(plan).await?;
//!
//! // A player's folder becomes that release.
//! let install = InstallFolder::new(&game);
//! let updater = Updater::new(store, install.clone(), UpdateOptions::default(), Arc::new(Silent));
//! let plan = updater.plan().await?;
//! assert_eq!((plan.to, plan.download_files), (published.number, 1));
//! updater.update(plan).await?;
//! assert_eq!(std::fs::read_to_string(game.join("level.txt"))?, "the first level");
//!
//! // Verifying asks no server: the ledger has the manifest.
//! assert!(install.verify(Arc::new(Silent)).await?.wounds.is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! The engine never prints, never reads the environment and never knows who is watching: progress
//! goes to a [`ProgressSink`].

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

pub use disk::{free_bytes, take_mode};
pub use error::{BadEntry, NotAFile, PublishError, ScanError, UpdateError};
pub use folder::{Access, Folder, Intruder};
pub use globs::check_pattern;
pub use install_folder::{GameFileError, GameFiles, InstallFolder, Status};
pub use notes::{NotesError, check_notes, notes_for, plain_notes};
pub use progress::{Phase, PhaseProgress, ProgressSink, Silent, Total, Warning};
pub use publish::{Change, ChangeKind, Prediction, PublishOptions, PublishPlan, Publisher};
pub use release_log::{ChannelOptions, Published, ReleaseLog, ReleaseSummary, RollbackPlan};
pub use text_file::{TextError, TextProblem, read_text};
pub use update::{
    RateLimit, Repaired, UpdateOptions, UpdatePlan, Updated, Updater, Verification, Wound, WoundKind,
};
