//! The commit: the only phase that touches the live tree.
//!
//! All it needs is staged, verified and on the disk; from the journal on only names change. Every
//! step may be done again, so a commit that was cut off anywhere is finished by running it once
//! more. A step that the system refuses does not hold the others up, and does not keep the commit
//! open for ever: the run after it goes on without that file.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};

use naru_protocol::RelPath;

use crate::disk::{Entry, Seen, entry_at, is_missing, set_executable, sync_folders, unless_missing};
use crate::free_name::free_name;
use crate::journal::{Delete, Install, Journal};
use crate::ledger::{Ledger, Row};
use crate::modes::holds_modes;
use crate::own_folder::{OwnFolder, Stage};
use crate::persist::Persistence;
use crate::staged_name::StagedName;
use crate::{Phase, ProgressSink, Total, UpdateError, Warning};

/// Whether a commit may have been begun before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Run {
    /// The journal was written just now: everything is still staged. What the system refuses leaves
    /// the journal for the next run, because a file that is in use now may be free then.
    First,
    /// An earlier run was cut off somewhere, or something was refused. What is refused again is set
    /// aside: the commit ends, and the game can start.
    Again,
}

/// A step that the system refused, however often it was tried.
struct Refused {
    path: RelPath,
    error: UpdateError,
}

/// Carries out what a journal describes, and drops it.
pub(crate) fn roll_forward(
    own: &OwnFolder,
    journal: &Journal,
    run: Run,
    progress: &dyn ProgressSink,
) -> Result<(), UpdateError> {
    // A stage that somebody has removed must not keep the journal open for ever.
    let stage = if run == Run::First { own.existing_stage()? } else { own.make_stage()? };
    let refused = put_in_place(own, &stage, journal, run, progress)?;
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

/// Puts the new ledger in place. Where that is refused, or where it says more than was done, the rows
/// are written to the old one instead, and the other way round.
fn record(
    own: &OwnFolder,
    stage: &Stage,
    journal: &Journal,
    refused: &HashSet<&RelPath>,
) -> Result<(), UpdateError> {
    if !journal.has_new_ledger {
        return write_rows(own, stage, journal, refused);
    }
    if !refused.is_empty() {
        return write_rows(own, stage, journal, refused).or_else(|error| match own.place_new_ledger() {
            Ok(true) => Ok(()),
            _ => Err(error),
        });
    }
    if journal.has_broken_ledger && !is_recorded(own, journal) {
        // It is kept for whoever wants to look into it; the new one does not depend on that.
        own.set_ledger_aside().ok();
    }
    match own.place_new_ledger() {
        Ok(true) => Ok(()),
        // An earlier run has put it in place and was cut off.
        Ok(false) if is_recorded(own, journal) => Ok(()),
        _ => write_rows(own, stage, journal, refused),
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
    stage: &Stage,
    journal: &Journal,
    refused: &HashSet<&RelPath>,
) -> Result<(), UpdateError> {
    let documents = stage.documents()?;
    let is_done = |path: &RelPath| !refused.contains(path);
    let rows = journal.rows.iter().filter(|row| is_done(&row.path)).cloned();
    let rows: Vec<(RelPath, Row)> = rows.map(Into::into).collect();
    let gone: Vec<RelPath> = journal.gone.iter().filter(|path| is_done(path)).cloned().collect();
    let write = || {
        let mut ledger = Ledger::read_or_new(own)?;
        ledger.record(&journal.installed, &documents, &rows, &gone)?;
        let bytes = ledger.bytes()?;
        own.write_ledger(&bytes).or_else(|refused| own.overwrite_ledger(&bytes).map_err(|_| refused))
    };
    match write() {
        Err(UpdateError::BrokenLedger { .. }) => {
            own.set_ledger_aside()?;
            write()
        }
        written => written,
    }
}

/// The folders whose lists of names the commit changes.
fn touched_folders(own: &OwnFolder, journal: &Journal) -> Vec<PathBuf> {
    let deleted = journal.deletes.iter().map(|delete| &delete.path);
    let paths = deleted.chain(journal.installs.iter().map(|install| &install.path));
    let folders: BTreeSet<&str> = paths.flat_map(RelPath::parents).collect();
    folders.into_iter().map(|folder| own.install.join(folder)).collect()
}

/// The install folder while it changes. What stands in the way by now is moved aside.
struct LiveTree<'a> {
    own: &'a OwnFolder,
    stage: &'a Stage,
    root: &'a Path,
    progress: &'a dyn ProgressSink,
    persistence: Persistence<'a>,
    /// Names that the commit gives to files of the release.
    coming: HashSet<String>,
    /// Folders that are ready to be put in place, by their paths.
    ready: HashMap<&'a str, u32>,
    /// Folders that are known to be real folders, no links.
    checked: HashSet<String>,
    /// Folders that were made just now: nothing but ours is in them.
    made: HashSet<String>,
    /// Files that were thrown away.
    thrown: u32,
}

impl<'a> LiveTree<'a> {
    fn new(
        own: &'a OwnFolder,
        stage: &'a Stage,
        journal: &'a Journal,
        progress: &'a dyn ProgressSink,
    ) -> Self {
        let coming = journal.installs.iter().map(|install| install.path.case_key().into_owned()).collect();
        let ready = journal.folders.iter().map(|folder| (folder.path.as_str(), folder.number));
        Self {
            own,
            stage,
            root: &own.install,
            progress,
            persistence: Persistence::new(stage),
            coming,
            ready: ready.collect(),
            checked: HashSet::new(),
            made: HashSet::new(),
            thrown: 0,
        }
    }

    fn delete(&mut self, delete: &Delete) -> Result<(), UpdateError> {
        let place = delete.path.below(self.root);
        if delete.seen.is_none()
            || !self.has_real_parents(&delete.path)?
            || look(&place)?.seen() != delete.seen
        {
            return Ok(());
        }
        let removed = self.persistence.of(&place, || unless_missing(std::fs::remove_file(&place)));
        let gone = removed.or_else(|refused| self.throw_away(&place).map_err(|_| refused));
        gone.map_err(UpdateError::io("removing", &place))
    }

    /// Takes a file that can't be removed out of the game: it goes with the stage, or stays there.
    fn throw_away(&mut self, place: &Path) -> io::Result<()> {
        self.thrown += 1;
        self.stage.throw_in(place, self.thrown)
    }

    /// Removes the folders that deleting left empty, innermost first. A folder with anything in it
    /// stays, and so does one that files will come to: making it anew would need room, and where case
    /// is ignored, another spelling of its name leads to it.
    fn drop_empty_folders(&mut self, journal: &Journal) {
        let coming = coming_folders(journal);
        for folder in left_folders(journal) {
            if !coming.contains_key(&*case_key(folder)) && self.is_ours(folder) {
                std::fs::remove_dir(self.root.join(folder)).ok();
            }
        }
        self.checked.clear();
    }

    /// Whether a folder lies behind no link: there, not even an empty folder is the game's.
    fn is_ours(&mut self, folder: &str) -> bool {
        RelPath::parse(folder).is_ok_and(|path| self.has_real_parents(&path).unwrap_or(false))
    }

    /// Gives the folders that stayed the spelling of the release. Where case counts, they are other
    /// folders and empty by now.
    fn respell_folders(&mut self, journal: &Journal) {
        let coming = coming_folders(journal);
        for folder in left_folders(journal) {
            if let Some(new) = coming.get(&*case_key(folder)).filter(|new| **new != folder)
                && self.is_ours(folder)
            {
                let (old, new) = (self.root.join(folder), self.root.join(new));
                // The wrong spelling of a folder is no reason to hold the commit up.
                std::fs::remove_dir(&old).or_else(|_| respell(&old, &new)).ok();
            }
        }
        self.checked.clear();
    }

    /// What an earlier run has put in its place is no longer staged.
    fn install_staged(&mut self, install: &Install, run: Run) -> Result<(), UpdateError> {
        if run == Run::Again && !is_staged(self.stage, &install.staged)? {
            return Ok(());
        }
        self.make_parents(&install.path)?;
        self.clear(install)?;
        let place = install.path.below(self.root);
        let put = self.persistence.of(&place, || self.stage.put(&install.staged, &place));
        put.map_err(UpdateError::io("putting in place", &place))
    }

    /// Leaves nothing at a place but the file that may be replaced.
    fn clear(&mut self, install: &Install) -> Result<(), UpdateError> {
        if install.path.parents().last().is_some_and(|folder| self.made.contains(folder)) {
            return Ok(());
        }
        let place = install.path.below(self.root);
        let entry = look(&place)?;
        let may_go = match entry {
            Entry::Missing => true,
            Entry::File(stat) => Some(Seen::from(stat)) == install.replaces,
            Entry::Folder => {
                let removed = self.persistence.of(&place, || remove_empty_tree(&place));
                removed.map_err(UpdateError::io("removing", &place))?
            }
            Entry::Link | Entry::Other => false,
        };
        if may_go { Ok(()) } else { self.move_aside(install.path.as_str()) }
    }

    fn move_aside(&mut self, path: &str) -> Result<(), UpdateError> {
        let place = self.root.join(path);
        let name = free_name(self.root, path, "old", |key| self.coming.contains(key));
        let aside = self.root.join(&name);
        match self.rename(&place, &aside) {
            // A FUSE file system that ignores case shows a removed file for a moment longer under the
            // other spellings of its name.
            Err(error) if is_missing(&error) => return Ok(()),
            moved => moved.map_err(UpdateError::io("moving aside", &place))?,
        }
        self.progress.warn(Warning::MovedAside(name));
        Ok(())
    }

    /// Sets the executable bit. A refusal must not hold the commit up: the file has its bytes, and
    /// the next run could do no more.
    fn set_mode(&mut self, path: &RelPath, executable: bool) -> Result<(), UpdateError> {
        let place = path.below(self.root);
        if !self.has_real_parents(path)? || !matches!(look(&place)?, Entry::File(_)) {
            return Ok(());
        }
        let set = self.persistence.of(&place, || set_executable(&place, executable));
        // Another user's file can be replaced in a folder that we may write to.
        if set.is_err() && self.stage.replace_by_copy(&place, executable).is_err() && holds_modes(self.own) {
            self.progress.warn(Warning::ModeRefused(path.clone()));
        }
        Ok(())
    }

    /// Whether all folders above a path are there. What lies behind a link is not the game's.
    fn has_real_parents(&mut self, path: &RelPath) -> Result<bool, UpdateError> {
        for parent in path.parents() {
            if self.checked.contains(parent) {
                continue;
            }
            if look(&self.root.join(parent))? != Entry::Folder {
                return Ok(false);
            }
            self.checked.insert(parent.to_owned());
        }
        Ok(true)
    }

    /// Makes sure of the folders above a path. They were made before the journal; one that stood in
    /// the place of a file is ready to be renamed, and one that somebody has removed is made anew.
    fn make_parents(&mut self, path: &RelPath) -> Result<(), UpdateError> {
        for parent in path.parents() {
            if self.checked.contains(parent) {
                continue;
            }
            let place = self.root.join(parent);
            let entry = look(&place)?;
            if entry != Entry::Folder {
                if entry != Entry::Missing {
                    self.move_aside(parent)?;
                }
                self.make_folder(parent, &place)?;
            }
            self.checked.insert(parent.to_owned());
        }
        Ok(())
    }

    fn make_folder(&mut self, path: &str, place: &Path) -> Result<(), UpdateError> {
        if let Some(number) = self.ready.remove(path)
            && self.persistence.of(place, || self.own.place_ready_folder(number, place)).is_ok()
        {
            return Ok(());
        }
        let made = self.persistence.of(place, || std::fs::create_dir(place));
        made.map_err(UpdateError::io("making", place))?;
        self.made.insert(path.to_owned());
        Ok(())
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.persistence.of(to, || std::fs::rename(from, to))
    }
}

/// The folders that a deleted file was in, innermost first.
fn left_folders(journal: &Journal) -> Vec<&str> {
    let folders = journal.deletes.iter().flat_map(|delete| delete.path.parents());
    let folders: BTreeSet<&str> = folders.collect();
    folders.into_iter().rev().collect()
}

/// The folders that files come to, by their names without case.
fn coming_folders(journal: &Journal) -> HashMap<String, &str> {
    let folders = journal.installs.iter().flat_map(|install| install.path.parents());
    folders.map(|folder| (case_key(folder).into_owned(), folder)).collect()
}

fn case_key(folder: &str) -> Cow<'_, str> {
    RelPath::parse(folder).map_or(Cow::Borrowed(folder), |path| path.case_key().into_owned().into())
}

/// Renames a folder to another spelling of its name. Its last part differs: the folders above are
/// renamed after it.
fn respell(old: &Path, new: &Path) -> io::Result<()> {
    let name = new.file_name().unwrap_or_default();
    if old.file_name() == Some(name) { Ok(()) } else { std::fs::rename(old, old.with_file_name(name)) }
}

fn look(place: &Path) -> Result<Entry, UpdateError> {
    entry_at(place).map_err(UpdateError::io("looking at", place))
}

/// Removes a folder that has only empty folders in it; tells whether it had.
fn remove_empty_tree(folder: &Path) -> io::Result<bool> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_type()?.is_dir() || !remove_empty_tree(&entry.path())? {
            return Ok(false);
        }
    }
    std::fs::remove_dir(folder).map(|()| true)
}

#[cfg(test)]
mod tests {
    use naru_protocol::{Channel, Digest, Locations, Manifest, Md5Digest, ObjectId};

    use super::*;
    use crate::Silent;
    use crate::ledger::{Documents, Installed, RowUpdate};
    use crate::remote::Content;

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
            let content = Content::Md5(Md5Digest::from_bytes([self.journal.installs.len() as u8; 16]));
            let staged = StagedName::of(&content, 1);
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
