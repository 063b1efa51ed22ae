//! The one place that finds out what is installed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::commands::installed::{Installed, InstalledError};

/// Naru's own folder inside the install folder, and the ledger in it.
const OWN_FOLDER: &str = ".naru";
const LEDGER: &str = "filedb.db";

/// Where the game is installed.
#[derive(Debug)]
pub struct InstallFolder(pub PathBuf);

/// Looks into `folder`: without a ledger nothing is installed, whatever files lie there.
pub fn look(folder: &Path) -> Result<Installed, InstalledError> {
    let ledger = folder.join(OWN_FOLDER).join(LEDGER);
    let installed = ledger
        .try_exists()
        .map_err(|cause| unreadable(&ledger, &cause))?;
    let size = if installed {
        size_of_game(folder)?
    } else {
        Size::default()
    };
    Ok(Installed {
        installed,
        release: None,
        files: size.files,
        bytes: size.bytes,
        folder: folder.display().to_string(),
    })
}

#[derive(Default)]
struct Size {
    files: u64,
    bytes: u64,
}

fn size_of_game(folder: &Path) -> Result<Size, InstalledError> {
    let mut size = Size::default();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(next) = waiting.pop() {
        for entry in fs::read_dir(&next).map_err(|cause| unreadable(&next, &cause))? {
            let entry = entry.map_err(|cause| unreadable(&next, &cause))?;
            let path = entry.path();
            if path == folder.join(OWN_FOLDER) {
                continue;
            }
            // Of the entry itself: a link out of the folder is not followed.
            let about = entry
                .metadata()
                .map_err(|cause| unreadable(&path, &cause))?;
            if about.is_dir() {
                waiting.push(path);
            } else {
                size.files += 1;
                size.bytes += about.len();
            }
        }
    }
    Ok(size)
}

fn unreadable(path: &Path, cause: &io::Error) -> InstalledError {
    InstalledError::FolderUnreadable {
        path: path.display().to_string(),
        cause: cause.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_without_a_ledger_are_no_installed_game() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("index.html"), "page")?;

        let found = look(folder.path()).expect("the folder can be read");

        assert!(!found.installed);
        assert_eq!((found.release, found.files, found.bytes), (None, 0, 0));
        Ok(())
    }

    #[test]
    fn a_folder_that_does_not_exist_is_not_an_error() {
        let found = look(Path::new("no/such/folder")).expect("absence is an answer");
        assert!(!found.installed);
    }

    #[test]
    fn the_game_is_counted_without_narus_own_folder() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        fs::create_dir_all(folder.path().join(OWN_FOLDER))?;
        fs::create_dir_all(folder.path().join("소리"))?;
        fs::write(folder.path().join(OWN_FOLDER).join(LEDGER), "ledger")?;
        fs::write(folder.path().join("index.html"), "page")?;
        fs::write(folder.path().join("소리/물.wav"), "drip drip")?;

        let found = look(folder.path()).expect("the folder can be read");

        assert!(found.installed);
        assert_eq!((found.files, found.bytes), (2, 13));
        Ok(())
    }

    #[test]
    fn the_answer_has_the_names_that_the_page_reads() {
        let answer = Installed {
            installed: true,
            release: Some(3),
            files: 2,
            bytes: 13,
            folder: "/games/naru".into(),
        };
        assert_eq!(
            serde_json::json!(answer),
            serde_json::json!({
                "installed": true, "release": 3, "files": 2, "bytes": 13, "folder": "/games/naru"
            })
        );
        let error = unreadable(Path::new("x"), &io::Error::other("busy"));
        assert_eq!(
            serde_json::json!(error),
            serde_json::json!({ "code": "folder-unreadable", "path": "x", "cause": "busy" })
        );
    }
}
