//! The one place that finds out what is installed.

use std::error::Error;
use std::path::{Path, PathBuf};

use naru_patcher::{Installer, UpdateError};

use crate::commands::installed::{Installed, InstalledError};

/// Where the game is installed.
#[derive(Debug)]
pub struct InstallFolder(pub PathBuf);

/// Asks the ledger in `folder`: without one nothing is installed, whatever files lie there.
pub fn look(folder: &Path) -> Result<Installed, InstalledError> {
    let status = Installer::status(folder).map_err(|error| unreadable(folder, &error))?;
    Ok(Installed {
        installed: status.installed.is_some(),
        release: status.installed,
        files: status.files,
        bytes: status.bytes,
        folder: folder.display().to_string(),
    })
}

fn unreadable(folder: &Path, error: &UpdateError) -> InstalledError {
    InstalledError::FolderUnreadable {
        path: folder.display().to_string(),
        cause: error.source().map_or_else(|| error.to_string(), ToString::to_string),
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, io};

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
    fn a_ledger_that_is_none_is_an_error_and_not_an_empty_folder() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        fs::create_dir_all(folder.path().join(".naru"))?;
        fs::write(folder.path().join(".naru/filedb.db"), "this is no database, and long enough to tell")?;

        assert!(look(folder.path()).is_err(), "a player must not be told to install over it");
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
        let error = InstalledError::FolderUnreadable { path: "x".into(), cause: "busy".into() };
        assert_eq!(
            serde_json::json!(error),
            serde_json::json!({ "code": "folder-unreadable", "path": "x", "cause": "busy" })
        );
    }
}
