//! The status of one wanted file: whose the bytes at its place are, and whether they are right.

use std::path::Path;
use std::sync::Arc;

use naru_protocol::{Digest, Md5Digest, Record2017, RelPath};

use super::places::{Bytes, Place};
use super::{ComparedFile, Depth};
use crate::ScanError;
use crate::disk::{Entry, FileStat, entry_at};
use crate::globs::Globs;
use crate::hash::{FileHash, md5_of};
use crate::install_folder::{Known, Row};
use crate::release::{Content, ReleaseHead, WantedFile};

/// The state of a wanted file in the install folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FileStatus {
    /// The right bytes; perhaps the wrong executable bit.
    Right { digest: Digest, mode_is_right: bool },
    /// Nothing there.
    Missing,
    /// Other bytes, of ours or of an older release.
    Differs { hash: Option<FileHash>, size: u64 },
    /// Not a file, or a file that is not in the ledger: it is moved aside.
    Foreign,
    /// The player's own version of a config file. Where the release has changed it as well, the
    /// release's goes beside it.
    Player { release_changed: bool },
    /// A preserved file, written once.
    Preserved,
    /// A file whose bytes can't be read: no right, or a damaged disk. `is_players` says that it is a
    /// config file with bytes of the player's, which are kept beside the release's.
    Unreadable { is_players: bool },
    /// Its place can't be examined.
    Unreachable,
    /// An obstacle that neither an update nor a repair may touch.
    Blocked,
}

impl FileStatus {
    /// Whether the file stays for being the player's own.
    pub(crate) fn is_players(&self) -> bool {
        matches!(self, Self::Preserved | Self::Player { .. })
    }
}

/// Tells the status of each file by what the ledger knows and by the release's patterns.
pub(super) struct Classifier<'a> {
    root: &'a Path,
    known: &'a Known,
    depth: Depth,
    preserve: Globs,
    config: Globs,
}

impl<'a> Classifier<'a> {
    pub(super) fn new(
        root: &'a Path,
        known: &'a Known,
        depth: Depth,
        release: &ReleaseHead,
    ) -> Result<Self, ScanError> {
        let (preserve, config) = (Globs::new(&release.preserve)?, Globs::new(&release.config)?);
        Ok(Self { root, known, depth, preserve, config })
    }

    /// Whether a file has to be read before its status is known.
    pub(super) fn is_suspect(&self, file: &WantedFile, stat: &FileStat) -> bool {
        let has_to_be_read = match self.known.rows.get(file.path()) {
            // Without a record, a file of another length can't be the wanted one.
            None => stat.size == file.size() || self.record_2017(file.path()).is_some(),
            Some(row) => self.depth == Depth::Bytes || row.kept || !row.vouches_for(stat),
        };
        has_to_be_read && !self.preserve.matches(file.path())
    }

    pub(super) fn compared(&self, place: Place<'_>) -> ComparedFile {
        let (wanted, entry) = (Arc::clone(place.wanted), place.entry);
        ComparedFile { status: self.classify(place), wanted, entry }
    }

    fn classify(&self, Place { wanted: file, entry, bytes }: Place<'_>) -> FileStatus {
        if let Bytes::Barred(status) = bytes {
            return status;
        }
        let row = self.known.rows.get(file.path());
        let is_preserved = self.preserve.matches(file.path());
        let stat = match entry {
            Entry::File(_) | Entry::Link | Entry::Other if is_preserved => return FileStatus::Preserved,
            Entry::File(stat) => stat,
            Entry::Missing if is_preserved && row.is_some() => return FileStatus::Preserved,
            Entry::Missing | Entry::Folder => return FileStatus::Missing,
            // A player may keep the settings elsewhere, behind a link.
            Entry::Link | Entry::Other if self.config.matches(file.path()) => {
                return self.players(file, row);
            }
            Entry::Link | Entry::Other => return FileStatus::Foreign,
        };
        match bytes {
            Bytes::Unreadable => self.unreadable(file, &stat),
            Bytes::Hashed(hash) => self.readable(file, &stat, Some(hash)),
            _ => self.readable(file, &stat, None),
        }
    }

    /// A file that was to be read and can't be. Its stat vouches for nothing then: what the ledger
    /// says of it is what it should be.
    fn unreadable(&self, file: &WantedFile, stat: &FileStat) -> FileStatus {
        let row = self.known.rows.get(file.path());
        let is_players = self.config.matches(file.path()) && !row.is_some_and(|row| row.vouches_for(stat));
        match row {
            // An update leaves the player's settings alone; a repair is meant to fix them.
            _ if is_players && self.depth == Depth::Stat => self.players(file, row),
            None if !is_players => FileStatus::Foreign,
            _ => FileStatus::Unreadable { is_players },
        }
    }

    fn readable(&self, file: &WantedFile, stat: &FileStat, hash: Option<FileHash>) -> FileStatus {
        let row = self.known.rows.get(file.path());
        let recorded = || row.filter(|row| row.vouches_for(stat)).map(|row| row.digest);
        let digest = hash.as_ref().map(|hash| hash.digest).or_else(recorded);
        if let Some(digest) = digest
            && self.is_wanted(file, &digest, row)
        {
            return FileStatus::Right { digest, mode_is_right: mode_is_right(file, stat) };
        }
        self.other_bytes(file, stat, digest, hash)
    }

    /// A file whose bytes are not the wanted ones.
    fn other_bytes(
        &self,
        file: &WantedFile,
        stat: &FileStat,
        digest: Option<Digest>,
        hash: Option<FileHash>,
    ) -> FileStatus {
        let row = self.known.rows.get(file.path());
        let is_config = self.config.matches(file.path());
        if let Some(row) = row {
            // The three-way rule: only where the file differs from what was installed has the player
            // edited it.
            let player_changed = digest != Some(row.digest);
            if is_config && player_changed {
                return self.players(file, Some(row));
            }
            return FileStatus::Differs { hash, size: stat.size };
        }
        // The first update after the 2017 client: its own bytes may be replaced, all else is the player's.
        let record = self.record_2017(file.path());
        if record.is_some_and(|record| has_md5(self.root, file.path(), record.checksum)) {
            return FileStatus::Differs { hash, size: stat.size };
        }
        if is_config { self.players(file, None) } else { FileStatus::Foreign }
    }

    /// The player's own version of a config file.
    fn players(&self, file: &WantedFile, row: Option<&Row>) -> FileStatus {
        let is_unchanged = match (row, &file.content) {
            (Some(row), Content::Known(entry)) => entry.digest == row.digest,
            (Some(_), Content::Md5(_)) => self.has_version(file),
            // A folder of the 2017 client: its list names the object that the player has changed since.
            (None, _) => self.record_2017(file.path()).is_some() && self.has_version(file),
        };
        FileStatus::Player { release_changed: !is_unchanged }
    }

    fn is_wanted(&self, file: &WantedFile, digest: &Digest, row: Option<&Row>) -> bool {
        match &file.content {
            Content::Known(entry) => entry.digest == *digest,
            Content::Md5(listed) => {
                let as_installed = self.has_version(file) && row.is_some_and(|row| row.digest == *digest);
                as_installed || has_md5(self.root, file.path(), listed.checksum)
            }
        }
    }

    /// Whether the installed release names the same version of the file.
    fn has_version(&self, file: &WantedFile) -> bool {
        self.known.versions.get(file.path()).is_some_and(|version| *version == file.version)
    }

    fn record_2017(&self, path: &RelPath) -> Option<&Record2017> {
        self.known.list_2017.as_ref()?.get(path)
    }
}

fn mode_is_right(file: &WantedFile, stat: &FileStat) -> bool {
    match &file.content {
        Content::Known(entry) => entry.executable == stat.executable,
        Content::Md5(_) => true,
    }
}

pub(super) fn has_md5(root: &Path, path: &RelPath, checksum: Md5Digest) -> bool {
    let place = path.below(root);
    matches!(entry_at(&place), Ok(Entry::File(_))) && md5_of(&place).is_ok_and(|found| found == checksum)
}
