//! `settings.json`.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::view::Language;

/// A settings file is a few hundred bytes; what is longer is none.
const MOST_BYTES: u64 = 1 << 20;

/// What `settings.json` holds. A field that is not there has its default.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Stored {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) language: Option<Language>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) install_folder: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) channel: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rate_limit: Option<u64>,
    pub(crate) launch_arguments: Vec<String>,
    pub(crate) start_with_system: bool,
    pub(crate) close_to_tray: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) build_folder: Option<PathBuf>,
    /// Written before the game's folder is moved, so that a launcher that was killed then finds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) moving: Option<Moving>,
    /// What a newer launcher has written: it is kept for that one.
    #[serde(flatten)]
    pub(crate) others: Map<String, Value>,
}

/// A move of the install folder that was begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Moving {
    pub(crate) from: PathBuf,
    pub(crate) to: PathBuf,
}

/// The file on the disk.
#[derive(Debug, Clone)]
pub(crate) struct SettingsFile {
    path: PathBuf,
}

impl SettingsFile {
    pub(crate) fn new(data: &Path) -> Self {
        Self { path: data.join("settings.json") }
    }

    /// Reads it. A damaged one is set aside, and the defaults count: a launcher that does not start
    /// for its settings can't be mended from within.
    pub(crate) fn load(&self) -> Stored {
        match self.read() {
            Ok(Some(stored)) => stored.checked(),
            Ok(None) => Stored::default(),
            Err(error) => {
                tracing::warn!(path = %self.path.display(), %error, "the settings can't be read");
                self.set_aside();
                Stored::default()
            }
        }
    }

    fn read(&self) -> io::Result<Option<Stored>> {
        let metadata = match std::fs::metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            found => found?,
        };
        if metadata.len() > MOST_BYTES {
            return Err(io::Error::other("too long"));
        }
        Ok(Some(serde_json::from_slice(&std::fs::read(&self.path)?)?))
    }

    fn set_aside(&self) {
        let aside = self.path.with_extension("json.broken");
        if let Err(error) = std::fs::rename(&self.path, &aside) {
            tracing::warn!(path = %self.path.display(), %error, "the damaged settings stay where they are");
        }
    }

    /// Replaces it: temporary file, flush, rename. Whoever is killed in between leaves the old one.
    pub(crate) fn save(&self, stored: &Stored) -> io::Result<()> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        let temporary = self.path.with_extension("json.new");
        let mut file = File::create(&temporary)?;
        file.write_all(&serde_json::to_vec_pretty(stored)?)?;
        file.sync_all()?;
        drop(file);
        std::fs::rename(&temporary, &self.path)?;
        sync_folder(folder)
    }
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Windows has no call for it; the rename itself is written through by NTFS's log.
#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_newer_launcher_has_written_is_kept() {
        let data = tempfile::tempdir().expect("a folder");
        let file = SettingsFile::new(data.path());
        std::fs::write(&file.path, r#"{"language":"ko","chat":{"sound":true}}"#).expect("written");
        let mut stored = file.load();
        assert_eq!(stored.language, Some(Language::Ko));
        stored.close_to_tray = true;
        file.save(&stored).expect("saved");
        let text = std::fs::read_to_string(&file.path).expect("read");
        assert!(text.contains("\"chat\""), "the newer launcher's own: {text}");
        assert_eq!(file.load(), stored, "and the rest is read again as it was");
    }

    #[test]
    fn a_damaged_file_is_set_aside_and_the_defaults_count() {
        let data = tempfile::tempdir().expect("a folder");
        let file = SettingsFile::new(data.path());
        for damage in ["", "{", "[]", r#"{"rateLimit":"fast"}"#, "\0\0\0\0"] {
            std::fs::write(&file.path, damage).expect("written");
            assert_eq!(file.load(), Stored::default(), "{damage:?}");
            let aside = data.path().join("settings.json.broken");
            assert_eq!(std::fs::read_to_string(aside).expect("kept"), damage, "somebody may want to look");
        }
    }

    #[test]
    fn a_value_that_could_not_have_been_chosen_is_left_out() {
        let data = tempfile::tempdir().expect("a folder");
        let file = SettingsFile::new(data.path());
        let text = r#"{"rateLimit":3,"channel":"No such!","closeToTray":true}"#;
        std::fs::write(&file.path, text).expect("written");
        assert_eq!(file.load(), Stored { close_to_tray: true, ..Stored::default() }, "the rest counts");
    }
}
