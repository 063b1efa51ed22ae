//! The commit: the only phase that touches the live tree.
//!
//! All it needs is staged, verified and on the disk; from the journal on only names change. Every
//! step may be done again, so a commit that was cut off anywhere is finished by running it once
//! more. A step that the system refuses does not stop the others, and does not keep the commit
//! open for ever: the next run finishes without that file.

mod describe;
mod folders;
mod live_tree;
mod persist;
mod prepare;
mod record;

use std::collections::HashSet;

use naru_protocol::RelPath;

use self::describe::describe;
use self::folders::touched_folders;
use self::live_tree::LiveTree;
use self::prepare::prepare;
use self::record::record;
use super::plan::UpdatePlan;
use crate::disk::{Entry, sync_folders};
use crate::install_folder::{Journal, OwnFolder, Stage, StagedName};
use crate::{Phase, ProgressSink, Total, UpdateError, Warning};

/// Whether a commit may have been begun before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Run {
    /// The journal was written just now: everything is still staged. What the system refuses leaves
    /// the journal for the next run, because a file that is in use now may be free then.
    First,
    /// An earlier run was cut off somewhere, or something was refused. What is refused again is set
    /// aside: the commit ends, and the game can start.
    Again,
}

/// Puts everything in its place; answers the path that has changed since the plan was made, in which
/// case the live files are untouched.
pub(super) fn commit(
    own: &OwnFolder,
    plan: UpdatePlan,
    progress: &dyn ProgressSink,
) -> Result<Option<RelPath>, UpdateError> {
    // 6. Look again at every place: what the player changed during the download is the player's.
    if let Some(path) = plan.overtaken(&own.install)? {
        return Ok(Some(path));
    }
    plan.check_mounts(own)?;
    let journal = begin(own, plan).inspect_err(|_| own.drop_folders())?;
    // 9. Only names change from here on.
    roll_forward(own, &journal, Run::First, progress)?;
    Ok(None)
}

/// Makes all that the commit needs, and writes the journal. Nothing after it needs room on the disk.
fn begin(own: &OwnFolder, plan: UpdatePlan) -> Result<Journal, UpdateError> {
    let stage = own.existing_stage()?;
    let (mut journal, documents) = describe(own, &stage, plan)?;
    // 7. Prepare what allocates: a disk that fills up later must not stop a commit in the middle.
    prepare(own, &stage, &mut journal, &documents)?;
    // 8. All staged bytes reach the disk before the journal that promises them: after a power cut there
    //    is no journal, or everything that it names. The journal is the point of no return.
    stage.sync().map_err(UpdateError::io("flushing", stage.path()))?;
    own.write_journal(&journal)?;
    Ok(journal)
}

/// A step that the system refused, however often it was tried.
struct Refused {
    path: RelPath,
    error: UpdateError,
}

/// Carries out what a journal describes, and drops it.
pub(super) fn roll_forward(
    own: &OwnFolder,
    journal: &Journal,
    run: Run,
    progress: &dyn ProgressSink,
) -> Result<(), UpdateError> {
    // A removed stage must not keep the journal open for ever.
    let stage = if run == Run::First { own.existing_stage()? } else { own.make_stage()? };
    let refused = put_in_place(own, &stage, journal, run, progress)?;
    // Before the ledger says so: after a power cut it must not name files whose names were lost.
    let flushed = sync_folders(&own.install, &touched_folders(own, journal));
    if run == Run::First {
        flushed.map_err(UpdateError::io("flushing", &own.install))?;
        if let Some(first) = refused.into_iter().next() {
            return Err(first.error);
        }
        return close(own, stage, journal, &HashSet::new());
    }
    // A disk that will not flush in the second run either must not keep the game from starting. The
    // ledger vouches only for files that are as it names them, so a loss would show.
    for Refused { path, error } in &refused {
        progress.warn(Warning::SetAside { path: path.clone(), reason: reason(error) });
    }
    close(own, stage, journal, &refused.iter().map(|refused| &refused.path).collect())
}

fn reason(error: &UpdateError) -> String {
    match error {
        UpdateError::Io { source, .. } => source.to_string(),
        other => other.to_string(),
    }
}

/// Takes all steps. Whether one is refused changes nothing for the others.
fn put_in_place(
    own: &OwnFolder,
    stage: &Stage,
    journal: &Journal,
    run: Run,
    progress: &dyn ProgressSink,
) -> Result<Vec<Refused>, UpdateError> {
    let total = Total { bytes: None, items: Some((journal.deletes.len() + journal.installs.len()) as u64) };
    let watcher = progress.start(Phase::Apply, total);
    let mut tree = LiveTree::new(own, stage, journal, progress);
    let mut refused = Vec::new();
    let mut note = |path: &RelPath, step: Result<(), UpdateError>| {
        refused.extend(step.err().map(|error| Refused { path: path.clone(), error }));
    };
    let renamed = if run == Run::First { HashSet::new() } else { renamed_already(stage, journal)? };
    // Deletes first: a file may have to give way to a folder, or to another spelling of its name.
    for delete in &journal.deletes {
        if !renamed.contains(&*delete.path.case_key()) {
            note(&delete.path, tree.delete(delete));
        }
        watcher.item(delete.path.as_str());
    }
    tree.drop_empty_folders(journal);
    for install in &journal.installs {
        note(&install.path, tree.install_staged(install, run));
        watcher.item(install.path.as_str());
    }
    tree.respell_folders(journal);
    // Of files that stay where they are; staged ones have their bit already.
    for (path, executable) in &journal.modes {
        note(path, tree.set_mode(path, *executable));
    }
    Ok(refused)
}

/// Records what was done and drops the journal, then what only the commit needed.
fn close(
    own: &OwnFolder,
    stage: Stage,
    journal: &Journal,
    refused: &HashSet<&RelPath>,
) -> Result<(), UpdateError> {
    // The ledger before the journal: a run that is cut off between them commits once more and finds all
    // of it done. The journal before the stage: what is not in place yet comes from there.
    record(own, &stage, journal, refused)?;
    own.drop_journal()?;
    drop(stage);
    if refused.is_empty() {
        own.forget_folders();
        // What is left of it only takes room, and the next run removes it.
        own.drop_stage().ok();
    } else {
        // What could not be put in place stays staged: a repair need not fetch it.
        own.drop_unfinished();
    }
    Ok(())
}

/// Names that an interrupted run has put in place. Where a name has changed in its case only, the
/// old name leads to the new file on a system that ignores case, and deleting it again would delete
/// that.
fn renamed_already(stage: &Stage, journal: &Journal) -> Result<HashSet<String>, UpdateError> {
    let mut renamed = HashSet::new();
    if journal.deletes.is_empty() {
        return Ok(renamed);
    }
    for install in &journal.installs {
        if !is_staged(stage, &install.staged)? {
            renamed.insert(install.path.case_key().into_owned());
        }
    }
    Ok(renamed)
}

fn is_staged(stage: &Stage, name: &StagedName) -> Result<bool, UpdateError> {
    let entry = stage.look(name).map_err(UpdateError::io("looking at", &stage.place_of(name)))?;
    Ok(entry != Entry::Missing)
}

#[cfg(test)]
mod tests {
    use naru_protocol::{Channel, Digest, Locations, Manifest, Md5Digest, ObjectId};

    use super::*;
    use crate::Silent;
    use crate::disk::{Seen, entry_at};
    use crate::install_folder::{Delete, Install, Installed, Ledger, RowUpdate};
    use crate::release::{Checksum, Documents};

    /// A commit that was interrupted right after its journal was written.
    struct Interrupted {
        folder: tempfile::TempDir,
        journal: Journal,
    }

    impl Interrupted {
        fn new() -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let manifest = Manifest::new(Vec::new(), Vec::new(), Vec::new()).expect("a manifest");
            let (id, manifest) = ObjectId::pack(&manifest.encode().expect("encodes")).expect("packs");
            let locations = Locations::new(id.digest, Vec::new()).encode().expect("encodes");
            let (_, locations) = ObjectId::pack(&locations).expect("packs");
            let installed = Installed {
                channel: Channel::live(),
                epoch: 0,
                number: 2,
                notes: String::new(),
                made_by_2017: false,
                manifest: id.digest,
            };
            let journal = Journal {
                format: 1,
                installed,
                deletes: Vec::new(),
                installs: Vec::new(),
                modes: Vec::new(),
                rows: Vec::new(),
                gone: Vec::new(),
                folders: Vec::new(),
                has_new_ledger: false,
                has_broken_ledger: false,
            };
            let stage = OwnFolder::new(folder.path()).make_stage().expect("a stage");
            stage.write_documents(&Documents { manifest, locations }).expect("staged");
            Self { folder, journal }
        }

        fn write(&self, path: &str, bytes: &str) {
            let place = self.folder.path().join(path);
            std::fs::create_dir_all(place.parent().expect("below the folder")).expect("a folder");
            std::fs::write(place, bytes).expect("a file");
        }

        /// A staged file with the bytes `new`.
        fn install(&mut self, path: &str, replaces: Option<Seen>) {
            let checksum = Checksum::Md5(Md5Digest::from_bytes([self.journal.installs.len() as u8; 16]));
            let staged = StagedName::of(checksum, 1);
            self.write(&format!(".naru/stage/{}", staged.as_str()), "new");
            let path = RelPath::parse(path).expect("a path");
            self.journal.installs.push(Install { staged, path, replaces });
        }

        fn seen(&self, path: &str) -> Option<Seen> {
            entry_at(&self.folder.path().join(path)).expect("looked").seen()
        }

        fn finish(&self) {
            let own = OwnFolder::new(self.folder.path());
            own.write_journal(&self.journal).expect("a journal");
            roll_forward(&own, &self.journal, Run::Again, &Silent).expect("nothing holds it up");
            assert!(!own.journal().exists(), "it is finished");
        }

        fn read(&self, path: &str) -> String {
            std::fs::read_to_string(self.folder.path().join(path)).unwrap_or_default()
        }
    }

    #[test]
    fn what_the_player_wrote_after_the_kill_is_moved_aside() {
        let mut commit = Interrupted::new();
        commit.write("level", "old");
        let seen = commit.seen("level");
        commit.install("level", seen);
        commit.write("level", "the player's");
        commit.install("note", None);
        commit.write("note", "written after the kill");
        commit.finish();
        assert_eq!((commit.read("level"), commit.read("note")), ("new".into(), "new".into()));
        assert_eq!(commit.read("level.old"), "the player's", "other bytes than those to be replaced");
        assert_eq!(commit.read("note.old"), "written after the kill");
    }

    #[test]
    fn a_folder_of_the_player_and_a_file_for_a_folder_give_way() {
        let mut commit = Interrupted::new();
        commit.install("map", None);
        commit.write("map/mine", "the player's");
        commit.install("mods/one", None);
        commit.write("mods", "a file of the player's");
        commit.finish();
        assert_eq!((commit.read("map"), commit.read("mods/one")), ("new".into(), "new".into()));
        assert_eq!(commit.read("map.old/mine"), "the player's");
        assert_eq!(commit.read("mods.old"), "a file of the player's");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_appears_is_not_written_through() {
        let mut commit = Interrupted::new();
        let outside = tempfile::tempdir().expect("a folder");
        commit.install("mods/one", None);
        std::os::unix::fs::symlink(outside.path(), commit.folder.path().join("mods")).expect("a link");
        commit.finish();
        assert_eq!(commit.read("mods/one"), "new");
        assert_eq!(std::fs::read_dir(outside.path()).expect("listed").count(), 0, "outside is not ours");
    }

    #[cfg(unix)]
    #[test]
    fn an_empty_folder_behind_a_link_stays() {
        let mut commit = Interrupted::new();
        let outside = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(outside.path().join("inner")).expect("a folder");
        std::os::unix::fs::symlink(outside.path(), commit.folder.path().join("mods")).expect("a link");
        let path = RelPath::parse("mods/inner/gone").expect("a path");
        commit.journal.deletes.push(Delete { path, seen: None });
        commit.finish();
        assert!(outside.path().join("inner").is_dir(), "outside is not ours, be it empty");
    }

    #[test]
    fn a_commit_whose_stage_was_removed_ends() {
        for has_new_ledger in [false, true] {
            let mut commit = Interrupted::new();
            let own = OwnFolder::new(commit.folder.path());
            commit.journal.has_new_ledger = has_new_ledger;
            commit.write("level", "old");
            let seen = commit.seen("level");
            commit.install("level", seen);
            if has_new_ledger {
                let mut ledger = Ledger::read_or_new(&own).expect("a ledger");
                let documents = own.stage().expect("entered").expect("a stage").documents();
                let documents = documents.expect("read").expect("the documents");
                let (rows, gone) = (commit.journal.rows.iter(), commit.journal.gone.iter());
                ledger.record(&commit.journal.installed, &documents, rows, gone).expect("recorded");
                own.write_new_ledger(&ledger.bytes().expect("bytes")).expect("written");
            }
            std::fs::remove_dir_all(commit.folder.path().join(".naru/stage")).expect("removed");
            commit.finish();
            assert_eq!(commit.read("level"), "old", "what is not staged can't be put in place");
            let ledger = Ledger::read(&own).expect("read");
            assert!(ledger.is_none(), "nothing is recorded that is not there");
        }
    }

    #[test]
    fn a_file_that_was_to_go_and_has_other_bytes_stays() {
        let mut commit = Interrupted::new();
        for path in ["gone", "edited"] {
            commit.write(path, "old");
            let path = RelPath::parse(path).expect("a path");
            let seen = commit.seen(path.as_str());
            commit.journal.deletes.push(Delete { path, seen });
        }
        commit.write("edited", "the player's");
        commit.finish();
        assert!(!commit.folder.path().join("gone").exists());
        assert_eq!(commit.read("edited"), "the player's");
    }

    #[test]
    fn a_row_is_of_what_was_verified_and_not_of_what_lies_there() {
        let mut commit = Interrupted::new();
        commit.write("a.ini", "1");
        let path = RelPath::parse("a.ini").expect("a path");
        let (seen, digest) = (commit.seen("a.ini"), Digest::of(b"1"));
        let row = RowUpdate { path: path.clone(), digest, executable: false, kept: false, seen };
        commit.journal.rows.push(row);
        commit.write("a.ini", "edited after the kill");
        commit.finish();
        let ledger = Ledger::read(&OwnFolder::new(commit.folder.path())).expect("read").expect("a ledger");
        let Ok(Entry::File(now)) = entry_at(&path.below(commit.folder.path())) else {
            panic!("the file is there");
        };
        let rows = ledger.rows().expect("rows");
        assert!(!rows[&path].vouches_for(&now), "the edit must not pass for the release's bytes");
    }
}
