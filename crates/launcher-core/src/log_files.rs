//! The launcher's log files: one for each day, the newest are kept.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use naru_patcher::{Access, Folder};

/// Days of which the log is kept.
const KEPT: usize = 7;

const PREFIX: &str = "launcher.";
const SUFFIX: &str = ".log";

/// Writes each day's words into that day's file. Files are opened through their folder and without
/// following links: what the launcher logs must not land in another file of the player's.
pub struct LogFiles {
    folder: PathBuf,
    now: fn() -> Timestamp,
    today: Option<(Date, File)>,
}

impl LogFiles {
    /// Opens today's file, and removes what is too old.
    pub fn open(folder: &Path) -> io::Result<Self> {
        Self::open_at(folder, Timestamp::now)
    }

    fn open_at(folder: &Path, now: fn() -> Timestamp) -> io::Result<Self> {
        let mut files = Self { folder: folder.to_path_buf(), now, today: None };
        files.todays()?;
        Ok(files)
    }

    fn todays(&mut self) -> io::Result<&mut File> {
        let date = (self.now)().to_zoned(TimeZone::UTC).date();
        let today = match self.today.take() {
            Some((day, file)) if day == date => (day, file),
            _ => (date, open_day(&self.folder, date)?),
        };
        Ok(&mut self.today.insert(today).1)
    }
}

impl Write for LogFiles {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.todays()?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.todays()?.flush()
    }
}

fn open_day(folder: &Path, date: Date) -> io::Result<File> {
    let folder = Folder::make_private(folder)?;
    let name = format!("{PREFIX}{date}{SUFFIX}");
    // Another name of the same file, or no plain file: what is written here would land elsewhere. What
    // can't be opened, as after a start as root, is replaced as well, so that the launcher starts.
    let is_own = matches!(folder.open(&name, Access::Read), Ok(Some(_))) && !folder.is_shared(&name)?;
    let file = if is_own { folder.open(&name, Access::Append).ok().flatten() } else { None };
    let file = file.map_or_else(|| folder.create(&name), Ok)?;
    remove_old(&folder)?;
    Ok(file)
}

/// Only what has a log's name goes.
fn remove_old(folder: &Folder) -> io::Result<()> {
    let names = folder.names()?.into_iter().filter_map(|name| name.into_string().ok());
    let mut days: Vec<(Date, String)> = names.filter_map(|name| Some((day_of(&name)?, name))).collect();
    days.sort_unstable_by(|one, other| other.cmp(one));
    days.iter().skip(KEPT).try_for_each(|(_, name)| folder.remove(name))
}

fn day_of(name: &str) -> Option<Date> {
    name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local! {
        static DAY: Cell<i8> = const { Cell::new(1) };
    }

    fn noon() -> Timestamp {
        let noon = jiff::civil::date(2026, 11, DAY.get()).at(12, 0, 0, 0).to_zoned(TimeZone::UTC);
        noon.expect("a time of the calendar").timestamp()
    }

    fn open(folder: &Path) -> LogFiles {
        LogFiles::open_at(folder, noon).expect("opened")
    }

    fn read(folder: &Path, day: i8) -> Option<String> {
        std::fs::read_to_string(folder.join(format!("launcher.2026-11-0{day}.log"))).ok()
    }

    #[test]
    fn each_day_has_a_file_and_the_newest_are_kept() {
        let data = tempfile::tempdir().expect("a folder");
        let folder = data.path().join("logs");
        let mut log = open(&folder);
        for day in 1..=9 {
            DAY.set(day);
            log.write_all(format!("day {day}\n").as_bytes()).expect("written");
        }
        std::fs::write(folder.join("launcher.notes.log"), "the player's").expect("written");
        drop(log);
        open(&folder).write_all(b"a second start\n").expect("written");
        assert_eq!(read(&folder, 9).as_deref(), Some("day 9\na second start\n"), "the day's file goes on");
        assert_eq!(read(&folder, 3).as_deref(), Some("day 3\n"));
        assert_eq!(read(&folder, 2), None, "an eighth day is too old");
        assert!(folder.join("launcher.notes.log").exists(), "that is no log");
    }

    #[cfg(unix)]
    #[test]
    fn a_log_is_the_players_alone_and_is_not_written_through_a_link() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let data = tempfile::tempdir().expect("a folder");
        let (folder, elsewhere) = (data.path().join("logs"), data.path().join("diary"));
        std::fs::create_dir(&folder).expect("a folder");
        std::fs::write(&elsewhere, "dear diary").expect("a file");
        symlink(&elsewhere, folder.join("launcher.2026-11-01.log")).expect("a trap");
        std::fs::hard_link(&elsewhere, folder.join("launcher.2026-11-02.log")).expect("another");
        for day in [1, 2] {
            DAY.set(day);
            open(&folder).write_all(b"what happened").expect("written");
            assert_eq!(std::fs::read_to_string(&elsewhere).expect("read"), "dear diary", "day {day}");
            assert_eq!(read(&folder, day).as_deref(), Some("what happened"), "the log is kept all the same");
            let place = folder.join(format!("launcher.2026-11-0{day}.log"));
            let mode = std::fs::symlink_metadata(place).expect("there").permissions().mode();
            assert_eq!(mode & 0o077, 0, "addresses and names of the player's are in it");
        }
    }
}
