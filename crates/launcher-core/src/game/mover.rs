//! Files from one folder to another.

use std::collections::HashMap;
use std::fs::{self, File, Metadata};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use naru_patcher::{PhaseProgress, Total, take_mode};

use crate::jobs::Meter;
use crate::view::{ErrorCode, JobPhase, Problem};

/// Lies in a folder that is being filled, so that the next try knows it for its own. The ledger comes
/// last: until then the folder holds no game.
const BEGUN: &str = ".naru/moving";

/// Held by whoever works on the folder; each folder gets its own.
const LOCK: &str = ".naru/lock";

const BUFFER: usize = 1 << 20;

/// Whether an earlier try has begun to fill the folder.
pub(super) fn is_begun(to: &Path) -> bool {
    to.join(BEGUN).is_file()
}

/// Moves within a drive; answers whether that was possible.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<bool> {
    if is_begun(to) {
        return Ok(false);
    }
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)?;
    }
    let was_there = to.is_dir();
    if was_there && fs::remove_dir(to).is_err() {
        // The top of a drive, for one, can't be put in another's place.
        return Ok(false);
    }
    if fs::rename(from, to).is_ok() {
        return Ok(true);
    }
    // Another drive, or a file that is open on Windows: copying finds out which.
    if was_there {
        fs::create_dir(to)?;
    }
    Ok(false)
}

/// A copy of a whole folder.
pub(super) struct Mover {
    from: PathBuf,
    to: PathBuf,
    meter: Arc<Meter>,
}

/// What was copied, as it was when it was read.
#[derive(Debug, Default)]
pub(super) struct Copied {
    /// Bytes that were copied; those of an earlier try are not among them.
    pub(super) bytes: u64,
    files: HashMap<PathBuf, FileState>,
    links: HashMap<PathBuf, PathBuf>,
}

/// A file with another size or time has changed.
#[derive(Debug, PartialEq, Eq)]
struct FileState {
    size: u64,
    modified: SystemTime,
}

impl FileState {
    fn of(metadata: &Metadata) -> io::Result<Self> {
        Ok(Self { size: metadata.len(), modified: metadata.modified()? })
    }
}

/// What is in the folder, in the order in which it is made.
#[derive(Default)]
struct Contents {
    folders: Vec<PathBuf>,
    files: Vec<(PathBuf, u64)>,
    links: Vec<PathBuf>,
}

impl Mover {
    pub(super) fn new(from: &Path, to: &Path, meter: Arc<Meter>) -> Self {
        Self { from: from.to_path_buf(), to: to.to_path_buf(), meter }
    }

    /// Copies everything and reads every byte back.
    pub(super) fn copy(&self) -> Result<Copied, Problem> {
        let contents = self.contents().map_err(|error| Problem::io(&error, self.from.display()))?;
        self.check_space(&contents)?;
        self.fill(&contents).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData => Problem::new(ErrorCode::Corrupt, error),
            _ => Problem::io(&error, self.to.display()),
        })
    }

    fn fill(&self, contents: &Contents) -> io::Result<Copied> {
        let begun = self.to.join(BEGUN);
        fs::create_dir_all(&self.to)?;
        make_folder(&self.to.join(".naru"))?;
        create(&begun)?.sync_all()?;
        for folder in &contents.folders {
            make_folder(&self.to.join(folder))?;
        }
        let bytes = contents.files.iter().map(|(_, size)| size).sum();
        let total = Total { bytes: Some(bytes), items: Some(contents.files.len() as u64) };
        let watcher = self.meter.begin(JobPhase::Copy, total);
        let mut copied = Copied::default();
        for (path, _) in &contents.files {
            self.copy_unless_there(path, &mut copied, &*watcher)?;
            watcher.item(&path.to_string_lossy());
        }
        contents.links.iter().try_for_each(|link| self.copy_link(link, &mut copied))?;
        fs::remove_file(begun)?;
        Ok(copied)
    }

    /// The ledger and the journal, which say that there is a game, come last.
    fn contents(&self) -> io::Result<Contents> {
        let mut contents = Contents::default();
        let mut waiting = vec![PathBuf::new()];
        while let Some(folder) = waiting.pop() {
            for entry in fs::read_dir(self.from.join(&folder))? {
                let entry = entry?;
                let path = folder.join(entry.file_name());
                let kind = entry.file_type()?;
                if kind.is_dir() {
                    contents.folders.push(path.clone());
                    waiting.push(path);
                } else if kind.is_symlink() {
                    contents.links.push(path);
                } else if kind.is_file() && path != Path::new(LOCK) {
                    contents.files.push((path, entry.metadata()?.len()));
                }
            }
        }
        contents.files.sort_by_key(|(path, _)| path.parent() == Some(Path::new(".naru")));
        Ok(contents)
    }

    fn check_space(&self, contents: &Contents) -> Result<(), Problem> {
        let is_there = |(path, size): &&(PathBuf, u64)| {
            fs::metadata(self.to.join(path)).is_ok_and(|there| there.len() == *size)
        };
        let needed: u64 = contents.files.iter().filter(|file| !is_there(file)).map(|(_, size)| size).sum();
        let here = self.to.ancestors().find(|place| place.is_dir());
        match here.and_then(naru_patcher::free_bytes) {
            Some(free) if free < needed => {
                let detail = format!("{}: {needed} bytes are needed, {free} are free", self.to.display());
                Err(Problem::new(ErrorCode::NoSpace, detail))
            }
            _ => Ok(()),
        }
    }

    /// A file of an earlier try has its time only when it was whole and verified.
    fn copy_unless_there(
        &self,
        path: &Path,
        copied: &mut Copied,
        watcher: &dyn PhaseProgress,
    ) -> io::Result<()> {
        let (from, to) = (self.from.join(path), self.to.join(path));
        // From before the first byte is read: a change while it is copied shows as well.
        let state = FileState::of(&fs::metadata(&from)?)?;
        match fs::symlink_metadata(&to) {
            Ok(there) if there.is_file() && FileState::of(&there).is_ok_and(|there| there == state) => {
                watcher.present(state.size);
            }
            _ => {
                self.copy_file(&from, &to, state.modified, watcher)?;
                copied.bytes += state.size;
            }
        }
        copied.files.insert(path.to_path_buf(), state);
        Ok(())
    }

    fn copy_file(
        &self,
        from: &Path,
        to: &Path,
        modified: SystemTime,
        watcher: &dyn PhaseProgress,
    ) -> io::Result<()> {
        let read = self.copy_bytes(from, to, watcher)?;
        if read != hash(to)? {
            let detail = format!("{} does not read back as it was written", to.display());
            return Err(io::Error::new(io::ErrorKind::InvalidData, detail));
        }
        // The ledger vouches for a file by its time, so that it need not be read again.
        let copy = File::options().write(true).open(to)?;
        copy.set_modified(modified)?;
        take_mode(&copy, &fs::metadata(from)?)
    }

    fn copy_bytes(&self, from: &Path, to: &Path, watcher: &dyn PhaseProgress) -> io::Result<blake3::Hash> {
        let (mut source, mut copy) = (File::open(from)?, create(to)?);
        let (mut hasher, mut buffer) = (blake3::Hasher::new(), vec![0; BUFFER]);
        loop {
            if watcher.is_stopped() {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let length = source.read(&mut buffer)?;
            if length == 0 {
                break;
            }
            hasher.update(&buffer[..length]);
            copy.write_all(&buffer[..length])?;
            watcher.bytes(length as u64);
        }
        copy.sync_all()?;
        Ok(hasher.finalize())
    }

    #[cfg(unix)]
    fn copy_link(&self, path: &Path, copied: &mut Copied) -> io::Result<()> {
        let place = self.to.join(path);
        if place.is_symlink() {
            fs::remove_file(&place)?;
        }
        let target = fs::read_link(self.from.join(path))?;
        std::os::unix::fs::symlink(&target, place)?;
        copied.links.insert(path.to_path_buf(), target);
        Ok(())
    }

    /// Creating links needs a privilege on Windows, and no release has links.
    #[cfg(not(unix))]
    fn copy_link(&self, path: &Path, _copied: &mut Copied) -> io::Result<()> {
        tracing::warn!(path = %path.display(), "a link is not moved");
        Ok(())
    }
}

/// Removes what was copied from its old place. The player may have written there meanwhile, so
/// nothing else goes: what stays is answered.
pub(super) fn remove(folder: &Path, copied: &Copied) -> Vec<PathBuf> {
    let mut removal = Removal { folder, copied, left: Vec::new() };
    removal.remove_all_in(Path::new(""));
    // The top of a drive can't be removed.
    fs::remove_dir(folder).ok();
    removal.left
}

struct Removal<'a> {
    folder: &'a Path,
    copied: &'a Copied,
    /// Paths below the folder.
    left: Vec<PathBuf>,
}

impl Removal<'_> {
    /// What says that there is a game goes last: a removal that was cut off can be gone back to, and
    /// repaired.
    fn remove_all_in(&mut self, inner: &Path) {
        let mut entries = match entries(&self.folder.join(inner)) {
            Ok(entries) => entries,
            Err(error) => return self.leave(inner, &error),
        };
        entries.sort_by_key(|entry| entry.file_name() == ".naru");
        for entry in entries {
            let path = inner.join(entry.file_name());
            // A link to a folder is not followed: what it leads to is not the game's.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                self.remove_all_in(&path);
                // Refused where something was left in it.
                fs::remove_dir(entry.path()).ok();
            } else {
                self.remove_entry(path);
            }
        }
    }

    fn remove_entry(&mut self, path: PathBuf) {
        let place = self.folder.join(&path);
        let removed = match self.is_as_copied(&path, &place) {
            Ok(true) => fs::remove_file(place),
            Ok(false) => return self.left.push(path),
            Err(error) => Err(error),
        };
        if let Err(error) = removed {
            self.leave(&path, &error);
        }
    }

    /// What is gone already is not left.
    fn leave(&mut self, path: &Path, error: &io::Error) {
        if error.kind() != io::ErrorKind::NotFound {
            tracing::warn!(%error, "what was moved can't be removed from its old place");
            self.left.push(path.to_path_buf());
        }
    }

    fn is_as_copied(&self, path: &Path, place: &Path) -> io::Result<bool> {
        let there = fs::symlink_metadata(place)?;
        if there.is_symlink() {
            return Ok(self.copied.links.get(path) == Some(&fs::read_link(place)?));
        }
        let is_same = self.copied.files.get(path) == Some(&FileState::of(&there)?);
        Ok(there.is_file() && (is_same || path == Path::new(LOCK)))
    }
}

fn entries(folder: &Path) -> io::Result<Vec<fs::DirEntry>> {
    fs::read_dir(folder)?.collect()
}

/// Makes a folder, or finds one. A planted link would redirect the game elsewhere.
fn make_folder(place: &Path) -> io::Result<()> {
    match fs::create_dir(place) {
        Err(error) if fs::symlink_metadata(place).is_ok_and(|there| there.is_dir()) => {
            if error.kind() == io::ErrorKind::AlreadyExists { Ok(()) } else { Err(error) }
        }
        made => made,
    }
}

/// A new file in place of any entry there: an earlier try's, or a link that would be written
/// through.
fn create(place: &Path) -> io::Result<File> {
    match fs::remove_file(place) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => File::options().write(true).create_new(true).open(place),
    }
}

fn hash(place: &Path) -> io::Result<blake3::Hash> {
    let (mut file, mut hasher, mut buffer) = (File::open(place)?, blake3::Hasher::new(), vec![0; BUFFER]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hasher.finalize()),
            length => hasher.update(&buffer[..length]),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A game with a player's own file beside it, an empty folder and a link.
    fn game(folder: &Path) {
        for (path, bytes) in [
            ("bin/game", "program"),
            ("saves/one", "mine"),
            (".naru/filedb.db", "ledger"),
            (".naru/lock", ""),
        ] {
            let place = folder.join(path);
            fs::create_dir_all(place.parent().expect("a parent")).expect("a folder");
            fs::write(place, bytes).expect("a file");
        }
        fs::create_dir(folder.join("empty")).expect("a folder");
        #[cfg(unix)]
        std::os::unix::fs::symlink("bin/game", folder.join("start")).expect("a link");
    }

    fn mover(from: &Path, to: &Path) -> Mover {
        Mover::new(from, to, Arc::default())
    }

    #[test]
    fn everything_is_copied_the_players_own_files_too() {
        let root = tempfile::tempdir().expect("a folder");
        let (from, to) = (root.path().join("from"), root.path().join("to"));
        game(&from);
        let copied = mover(&from, &to).copy().expect("copied");
        assert_eq!(copied.bytes, "programmineledger".len() as u64);
        assert_eq!(fs::read(to.join("saves/one")).expect("read"), b"mine");
        assert!(to.join("empty").is_dir(), "an empty folder may mean something to the game");
        let time = |root: &Path| fs::metadata(root.join("bin/game")).and_then(|file| file.modified()).ok();
        assert_eq!(time(&from), time(&to), "the ledger knows the file by its time");
        #[cfg(unix)]
        assert_eq!(fs::read_link(to.join("start")).expect("a link"), Path::new("bin/game"));
        assert!(!is_begun(&to), "nothing is left to be done");
        assert_eq!(remove(&from, &copied), [] as [PathBuf; 0]);
        assert!(!from.exists());
    }

    #[test]
    fn what_the_player_writes_after_the_copy_stays() {
        let root = tempfile::tempdir().expect("a folder");
        let (from, to) = (root.path().join("from"), root.path().join("to"));
        game(&from);
        let copied = mover(&from, &to).copy().expect("copied");
        fs::write(from.join("saves/two"), "new").expect("a file");
        fs::write(from.join("saves/one"), "mine, played on").expect("a file");
        fs::write(from.join(".naru/note"), "new").expect("a file");
        let mut left = remove(&from, &copied);
        left.sort();
        assert_eq!(left, [".naru/note", "saves/one", "saves/two"].map(PathBuf::from), "and he is told");
        assert_eq!(fs::read(from.join("saves/two")).expect("read"), b"new");
        assert_eq!(fs::read(from.join("saves/one")).expect("read"), b"mine, played on");
        assert!(!from.join("bin").exists() && !from.join("empty").exists(), "the rest is gone");
        assert!(!crate::game::folder::holds_game(&from), "no game is left");
    }

    #[cfg(unix)]
    #[test]
    fn links_and_sockets_that_were_not_copied_stay() {
        use std::os::unix::fs::symlink;
        let root = tempfile::tempdir().expect("a folder");
        let (from, to, outside) =
            (root.path().join("from"), root.path().join("to"), root.path().join("outside"));
        game(&from);
        let _socket = std::os::unix::net::UnixListener::bind(from.join("socket")).expect("a socket");
        let copied = mover(&from, &to).copy().expect("copied");
        fs::rename(from.join("saves"), &outside).expect("moved by the player");
        symlink(&outside, from.join("saves")).expect("a link");
        fs::remove_file(from.join("start")).expect("removed");
        symlink("elsewhere", from.join("start")).expect("another link");
        let mut left = remove(&from, &copied);
        left.sort();
        assert_eq!(left, ["saves", "socket", "start"].map(PathBuf::from));
        assert_eq!(fs::read(outside.join("one")).expect("read"), b"mine", "a link is not followed");
    }

    #[cfg(unix)]
    #[test]
    fn links_that_wait_in_the_new_folder_are_not_written_through() {
        use std::os::unix::fs::symlink;
        let root = tempfile::tempdir().expect("a folder");
        let (from, to, outside) =
            (root.path().join("from"), root.path().join("to"), root.path().join("outside"));
        game(&from);
        fs::create_dir_all(to.join("bin")).expect("a folder");
        fs::create_dir(&outside).expect("a folder");
        fs::write(outside.join("file"), "precious").expect("a file");
        symlink(outside.join("file"), to.join("bin/game")).expect("a link");
        mover(&from, &to).copy().expect("copied");
        assert_eq!(fs::read(to.join("bin/game")).expect("read"), b"program");
        assert_eq!(
            fs::read(outside.join("file")).expect("read"),
            b"precious",
            "a link's end is not the game's"
        );
        fs::remove_dir_all(to.join("saves")).expect("removed");
        symlink(&outside, to.join("saves")).expect("a link");
        mover(&from, &to).copy().expect_err("the game would lie elsewhere");
        assert_eq!(fs::read_dir(&outside).expect("listed").count(), 1, "and nothing was put there");
    }

    #[test]
    fn a_copy_that_was_cut_off_is_no_game_and_is_gone_on_with() {
        let root = tempfile::tempdir().expect("a folder");
        let (from, to) = (root.path().join("from"), root.path().join("to"));
        game(&from);
        let cut = mover(&from, &to);
        assert!(cut.meter.stop(), "nothing is in its way");
        cut.copy().expect_err("it was stopped");
        assert!(is_begun(&to) && !crate::game::folder::holds_game(&to), "half a game is none");
        assert!(!rename(&from, &to).expect("looked"), "and nothing is put in its place");
        assert_eq!(fs::read(from.join("saves/one")).expect("read"), b"mine", "nothing is lost");
        mover(&from, &to).copy().expect("copied");
        assert!(crate::game::folder::holds_game(&to));
        assert_eq!(mover(&from, &to).copy().expect("copied").bytes, 0, "what is there is not copied again");
    }
}
