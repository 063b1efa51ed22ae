//! The ledger after a commit: the new one is renamed into place, or its rows are written to the old one.

use std::collections::HashSet;

use naru_protocol::RelPath;

use crate::UpdateError;
use crate::install_folder::{Journal, Ledger, OwnFolder, Stage};
use crate::release::Documents;

/// Puts the new ledger in place. Where that is refused, or where it says more than was done, the rows
/// are written to the old one instead, and the other way round.
pub(super) fn record(
    own: &OwnFolder,
    stage: &Stage,
    journal: &Journal,
    refused: &HashSet<&RelPath>,
) -> Result<(), UpdateError> {
    // Without the release's documents the stage was removed, and with it all files that were not in place
    // yet. Nothing may say then that the release is installed. The commit still ends, so that the game can
    // start: the old ledger stays, and the next update reads the files to find out what is there.
    let Some(documents) = stage.documents().transpose() else {
        return Ok(());
    };
    if !journal.has_new_ledger {
        return write_rows(own, documents, journal, refused);
    }
    if !refused.is_empty() {
        return write_rows(own, documents, journal, refused).or_else(|error| match own.place_new_ledger() {
            Ok(true) => Ok(()),
            _ => Err(error),
        });
    }
    if journal.has_broken_ledger && !is_recorded(own, journal) {
        // Kept for inspection; the new ledger does not depend on it.
        own.set_ledger_aside().ok();
    }
    match own.place_new_ledger() {
        Ok(true) => Ok(()),
        // An earlier run has put it in place and was cut off.
        Ok(false) if is_recorded(own, journal) => Ok(()),
        _ => write_rows(own, documents, journal, refused),
    }
}

fn is_recorded(own: &OwnFolder, journal: &Journal) -> bool {
    let ledger = Ledger::read(own).ok().flatten();
    let installed = ledger.and_then(|ledger| ledger.installed().ok().flatten());
    installed.as_ref() == Some(&journal.installed)
}

/// Writes the ledger; a new one where the old one is damaged. Rows that the journal does not have are
/// then found again by the next update. A file that was set aside keeps its old row, which is what
/// tells the next comparison that it is not the release's.
fn write_rows(
    own: &OwnFolder,
    documents: Result<Documents, UpdateError>,
    journal: &Journal,
    refused: &HashSet<&RelPath>,
) -> Result<(), UpdateError> {
    let documents = documents?;
    let is_done = |path: &RelPath| !refused.contains(path);
    let write = || {
        let mut ledger = Ledger::read_or_new(own)?;
        let rows = journal.rows.iter().filter(|row| is_done(&row.path));
        let gone = journal.gone.iter().filter(|path| is_done(path));
        ledger.record(&journal.installed, &documents, rows, gone)?;
        let bytes = ledger.bytes()?;
        let written = own.write_ledger(&bytes);
        written.or_else(|refused| own.overwrite_ledger(&bytes).map_err(|_| refused))
    };
    match write() {
        Err(UpdateError::BrokenLedger { .. }) => {
            own.set_ledger_aside()?;
            write()
        }
        written => written,
    }
}
