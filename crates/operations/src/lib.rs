//! What every root does with the patch engine: the command line and the launcher call the same
//! functions, and differ in what they show.
//!
//! A root hands in its surroundings once, as an [`Environment`]. Its settings become an engine
//! ([`updater`], [`release_log`], [`publisher`]), and each operation is one function:
//!
//! | operation | function | asks before it acts |
//! | --- | --- | --- |
//! | install, or bring to the newest release | [`update`] | yes |
//! | compare every byte with the release | [`verify`] | |
//! | repair damaged files | [`repair`] | |
//! | read the record of what is installed | [`status`] | |
//! | publish a build folder | [`publish`] | yes |
//! | publish an earlier release again | [`roll_back`] | yes |
//! | list the releases | [`releases`] | |
//!
//! An operation that asks makes its plan, shows it to the root's `confirm`, and carries it out only on
//! [`Answer::Proceed`]. Its [`Tracker`] is the engine's progress sink, and knows at any moment what has
//! been changed so far. A failure is an [`OperationError`]: its kind, what has changed, and the next
//! step, as data. The sentences are the root's.
//!
//! ```
//! use std::sync::Arc;
//!
//! use naru_operations::{OperationError, PublishOutcome, Tracker, proceed, publish};
//! use naru_patcher::{ChannelOptions, PublishOptions, Publisher, ReleaseLog, Silent};
//! use naru_store::MemoryStore;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let build = tempfile::tempdir()?;
//! std::fs::write(build.path().join("index.html"), "<p>cave</p>")?;
//!
//! let tracker = Arc::new(Tracker::new(Arc::new(Silent)));
//! let store = Arc::new(MemoryStore::new());
//! let log = ReleaseLog::new(store, None, ChannelOptions::default(), tracker.clone());
//! let publisher = Publisher::new(log, PublishOptions::new(build.path()));
//!
//! let outcome = publish::<OperationError>(&publisher, &tracker, proceed).await?;
//! assert!(matches!(outcome, Some(PublishOutcome::Published { release, .. }) if release.number == 1));
//! # Ok(())
//! # }
//! ```

mod engine;
mod environment;
mod failure;
mod plan;
mod publish;
mod releases;
mod repair;
mod roll_back;
mod status;
mod tracker;
mod update;
mod verify;

pub use engine::{BucketSettings, EdgeSettings, SettingsError, publisher, release_log, updater};
pub use environment::{Environment, NotText, VariableError};
pub use failure::{Cause, NextStep, OperationError, OperationErrorKind, chain};
pub use plan::{Answer, proceed};
pub use publish::{PublishOutcome, publish, publish_plan};
pub use releases::releases;
pub use repair::repair;
pub use roll_back::roll_back;
pub use status::status;
pub use tracker::{Changed, Tracker};
pub use update::{UpdateOutcome, preview_update, update};
pub use verify::verify;
