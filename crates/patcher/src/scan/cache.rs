//! The publisher's stat cache: which digest a file had when it last looked like this.
//!
//! Never needed for correctness: without it, every file is read again. One row for each folder
//! rather than for each file, because opening 50,000 rows costs more than stating 50,000 files.

use std::collections::HashMap;
use std::path::Path;

use naru_protocol::Digest;
use rusqlite::{Connection, params};

use crate::disk::FileStat;
use crate::folder::{self, Access};
use crate::hash::FileHash;

/// Raised when the form of a row changes: older rows are dropped.
const FORMAT: i64 = 2;

/// A row is the whole of a folder: in small pages it would be read piece by piece.
const PAGE_BYTES: i64 = 65536;

const FILE: &str = "filedb.db";

/// What SQLite keeps beside it while it writes.
const JOURNAL: &str = "filedb.db-journal";

/// What the cache knows of one folder: file name to stat and content.
pub(crate) type Folder = HashMap<String, (FileStat, FileHash)>;

pub(crate) struct StatCache {
    database: Connection,
    build: String,
}

impl StatCache {
    /// Opens the cache in a per-user folder, for one build folder. An unreadable cache is made anew.
    pub(crate) fn open(folder: &Path, build: &Path) -> Option<Self> {
        std::fs::create_dir_all(folder).ok()?;
        let own = folder::Folder::open_followed(folder).ok()??;
        // SQLite would follow a link, and wait for a pipe.
        for name in [FILE, JOURNAL] {
            if own.open(name, Access::Write).is_err() {
                own.remove(name).ok()?;
            }
        }
        let path = folder.join(FILE);
        let database = connect(&path).or_else(|_| {
            std::fs::remove_file(&path).ok();
            connect(&path)
        });
        Some(Self { database: database.ok()?, build: build.to_string_lossy().into_owned() })
    }

    /// The rows of all folders, still packed: each is opened by the thread that lists the folder.
    pub(crate) fn load(&self) -> HashMap<String, Vec<u8>> {
        let read = || -> rusqlite::Result<HashMap<String, Vec<u8>>> {
            let mut query = self.database.prepare("SELECT path, files FROM folder WHERE build = ?1")?;
            let rows = query.query_map([&self.build], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect()
        };
        read().unwrap_or_default()
    }

    /// Records folders that are new or have changed, and forgets the ones that are gone.
    pub(crate) fn store(&mut self, changed: &[(String, Vec<u8>)], gone: &[String]) {
        // A cache that can't be written is slower, not wrong.
        let mut write = || -> rusqlite::Result<()> {
            let transaction = self.database.transaction()?;
            for (path, files) in changed {
                transaction.execute(
                    "INSERT OR REPLACE INTO folder (build, path, files) VALUES (?1, ?2, ?3)",
                    params![self.build, path, files],
                )?;
            }
            for path in gone {
                transaction.execute(
                    "DELETE FROM folder WHERE build = ?1 AND path = ?2",
                    params![self.build, path],
                )?;
            }
            transaction.commit()
        };
        write().ok();
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let database = Connection::open(path)?;
    database.busy_timeout(std::time::Duration::from_secs(5))?;
    database.pragma_update(None, "page_size", PAGE_BYTES)?;
    database.pragma_update(None, "synchronous", "OFF")?;
    let format: i64 = database.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if format == 0 {
        database.pragma_update(None, "user_version", FORMAT)?;
    } else if format != FORMAT {
        return Err(rusqlite::Error::InvalidQuery);
    }
    database.execute_batch(
        "CREATE TABLE IF NOT EXISTS folder (
            build TEXT NOT NULL, path TEXT NOT NULL, files BLOB NOT NULL,
            PRIMARY KEY (build, path)
        ) WITHOUT ROWID",
    )?;
    Ok(database)
}

/// Packs what is known of one folder.
pub(crate) fn pack<'a>(files: impl Iterator<Item = (&'a str, &'a FileStat, &'a FileHash)>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, stat, hash) in files {
        bytes.extend((name.len() as u32).to_le_bytes());
        bytes.extend(name.as_bytes());
        bytes.extend(stat.size.to_le_bytes());
        bytes.extend(stat.modified_ns.to_le_bytes());
        bytes.extend(stat.changed_ns.to_le_bytes());
        bytes.extend(stat.inode.to_le_bytes());
        bytes.push(u8::from(stat.executable));
        bytes.extend((hash.pieces.len() as u32).to_le_bytes());
        bytes.extend(hash.digest.as_bytes());
        hash.pieces.iter().for_each(|piece| bytes.extend(piece.as_bytes()));
    }
    bytes
}

/// Opens a row; one that ends in the middle gives what is before.
pub(crate) fn unpack(mut bytes: &[u8]) -> Folder {
    let mut folder = Folder::new();
    while let Some((name, known)) = unpack_file(&mut bytes) {
        folder.insert(name, known);
    }
    folder
}

fn unpack_file(bytes: &mut &[u8]) -> Option<(String, (FileStat, FileHash))> {
    let length = u32::from_le_bytes(take(bytes)?) as usize;
    let (name, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    let stat = FileStat {
        size: u64::from_le_bytes(take(bytes)?),
        modified_ns: i64::from_le_bytes(take(bytes)?),
        changed_ns: i64::from_le_bytes(take(bytes)?),
        inode: u64::from_le_bytes(take(bytes)?),
        executable: take::<1>(bytes)? == [1],
    };
    let pieces = u32::from_le_bytes(take(bytes)?);
    let digest = Digest::from_bytes(take(bytes)?);
    let pieces = (0..pieces).map(|_| take(bytes).map(Digest::from_bytes)).collect::<Option<_>>()?;
    Some((String::from_utf8(name.to_vec()).ok()?, (stat, FileHash { digest, pieces })))
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (head, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_cache_that_is_a_link_is_made_anew() {
        let root = tempfile::tempdir().expect("a folder");
        let (cache, victim) = (root.path().join("cache"), root.path().join("victim"));
        std::fs::create_dir(&cache).expect("a folder");
        std::fs::write(&victim, b"somebody's").expect("a file");
        std::os::unix::fs::symlink(&victim, cache.join(FILE)).expect("a link");
        std::os::unix::fs::symlink(&victim, cache.join(JOURNAL)).expect("a link");
        let mut opened = StatCache::open(&cache, Path::new("/build")).expect("a cache");
        opened.store(&[("folder".to_owned(), vec![1])], &[]);
        assert_eq!(opened.load()["folder"], [1]);
        assert_eq!(
            std::fs::read(&victim).expect("a file"),
            b"somebody's",
            "what a link leads to is not ours"
        );
    }

    #[test]
    fn a_row_reads_back_and_a_cut_row_harms_nothing() {
        let stat = FileStat { size: 7, modified_ns: -5, changed_ns: 9, inode: 3, executable: true };
        let digest = Digest::of(b"x");
        let hash = FileHash { digest, pieces: vec![digest] };
        let packed = pack([("도움말.txt", &stat, &hash), ("b", &stat, &hash)].into_iter());
        assert_eq!(unpack(&packed).get("도움말.txt"), Some(&(stat, hash)));
        for cut in 0..packed.len() {
            assert!(unpack(&packed[..cut]).len() < 2, "a cut row must not give a made-up file");
        }
    }
}
