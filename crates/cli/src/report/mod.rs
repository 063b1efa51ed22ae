//! What commands show: their plans and their results, for a person and for a program. Nothing here asks
//! the engine.

mod init;
mod notes;
mod publish;
mod releases;
mod rollback;
mod serve;
mod status;
mod update;
mod verify;

use serde::Serialize;

pub use init::{InitReport, next_step};
pub use publish::{PublishBegun, PublishPreview, PublishReport, publish_question};
pub use releases::ReleasesReport;
pub use rollback::{RollbackBegun, RollbackPreview, RollbackReport, rollback_question};
pub use serve::{ServeReport, exports};
pub use status::StatusReport;
pub use update::{UpdateBegun, UpdatePreview, UpdateReport};
pub use verify::{RepairReport, VerifyReport};

use crate::language::Language;

/// What a command has to say, in both forms.
pub trait Report {
    /// The fields of its JSON line.
    fn json(&self) -> impl Serialize;

    /// Lines for a person.
    fn lines(&self, language: Language) -> Vec<String>;
}
