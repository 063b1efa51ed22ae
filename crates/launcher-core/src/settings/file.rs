//! `settings.json`.

use std::io;
use std::path::{Path, PathBuf};

use naru_patcher::Folder;
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

/// Its name in the launcher's data folder.
const NAME: &str = "settings.json";

/// Where a damaged one goes.
const BROKEN: &str = "settings.json.broken";

/// The language that the player has chosen, for a window that shows itself before the launcher is
/// opened. A file that can't be read is left to the one that opens it.
pub fn chosen_language(data: &Path) -> Option<Language> {
    SettingsFile::new(data).read().ok()??.language
}

/// The file on the disk.
#[derive(Debug, Clone)]
pub(crate) struct SettingsFile {
    data: PathBuf,
}

impl SettingsFile {
    pub(crate) fn new(data: &Path) -> Self {
        Self { data: data.to_path_buf() }
    }

    /// Reads it. A damaged one is set aside, and the defaults count: a launcher that does not start
    /// for its settings can't be fixed from its own window.
    pub(crate) fn load(&self) -> Stored {
        match self.read() {
            Ok(Some(stored)) => stored.checked(),
            Ok(None) => Stored::default(),
            Err(error) => {
                tracing::warn!(path = %self.path().display(), %error, "the settings can't be read");
                self.set_aside();
                Stored::default()
            }
        }
    }

    /// For messages.
    fn path(&self) -> PathBuf {
        self.data.join(NAME)
    }

    fn read(&self) -> io::Result<Option<Stored>> {
        let Some(data) = Folder::open_private(&self.data)? else {
            return Ok(None);
        };
        let bytes = data.read(NAME, MOST_BYTES)?;
        Ok(bytes.map(|bytes| serde_json::from_slice(&bytes)).transpose()?)
    }

    fn set_aside(&self) {
        let aside = || match Folder::open_private(&self.data)? {
            Some(data) => data.rename(NAME, BROKEN),
            None => Ok(()),
        };
        if let Err(error) = aside() {
            tracing::warn!(path = %self.path().display(), %error, "the damaged settings stay where they are");
        }
    }

    /// Replaces it: temporary file, flush, rename. A kill in between leaves the old one.
    pub(crate) fn save(&self, stored: &Stored) -> io::Result<()> {
        Folder::make_private(&self.data)?.replace(NAME, &serde_json::to_vec_pretty(stored)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_newer_launcher_has_written_is_kept() {
        let data = tempfile::tempdir().expect("a folder");
        let file = SettingsFile::new(data.path());
        std::fs::write(file.path(), r#"{"language":"ko","chat":{"sound":true}}"#).expect("written");
        let mut stored = file.load();
        assert_eq!(stored.language, Some(Language::Ko));
        stored.close_to_tray = true;
        file.save(&stored).expect("saved");
        let text = std::fs::read_to_string(file.path()).expect("read");
        assert!(text.contains("\"chat\""), "the newer launcher's own: {text}");
        assert_eq!(file.load(), stored, "and the rest is read again as it was");
    }

    #[test]
    fn a_damaged_file_is_set_aside_and_the_defaults_count() {
        let data = tempfile::tempdir().expect("a folder");
        let file = SettingsFile::new(data.path());
        for damage in ["", "{", "[]", r#"{"rateLimit":"fast"}"#, "\0\0\0\0"] {
            std::fs::write(file.path(), damage).expect("written");
            assert_eq!(file.load(), Stored::default(), "{damage:?}");
            let aside = data.path().join("settings.json.broken");
            assert_eq!(std::fs::read_to_string(aside).expect("kept"), damage, "somebody may want to look");
        }
    }

    #[test]
    fn the_first_frame_has_the_chosen_language_and_changes_nothing() {
        let data = tempfile::tempdir().expect("a folder");
        assert_eq!(chosen_language(data.path()), None, "nothing was chosen yet");
        let file = data.path().join("settings.json");
        std::fs::write(&file, r#"{"language":"en"}"#).expect("written");
        assert_eq!(chosen_language(data.path()), Some(Language::En));
        std::fs::write(&file, "{").expect("written");
        assert_eq!(chosen_language(data.path()), None, "the system's language is better than no window");
        assert!(file.exists(), "the launcher sets a damaged file aside, and says so in its log");
    }

    #[test]
    fn a_value_that_could_not_have_been_chosen_is_left_out() {
        let data = tempfile::tempdir().expect("a folder");
        let file = SettingsFile::new(data.path());
        let text = r#"{"rateLimit":3,"channel":"No such!","closeToTray":true,
            "installFolder":"~/Games/demo","buildFolder":"build"}"#;
        std::fs::write(file.path(), text).expect("written");
        assert_eq!(file.load(), Stored { close_to_tray: true, ..Stored::default() }, "the rest counts");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_neither_read_nor_written_through() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let data = tempfile::tempdir().expect("a folder");
        let outside = tempfile::tempdir().expect("a folder");
        let file = SettingsFile::new(data.path());
        let elsewhere = outside.path().join("settings.json");
        std::fs::write(&elsewhere, r#"{"closeToTray":true}"#).expect("written");
        symlink(&elsewhere, file.path()).expect("a link");
        // A half-written file of an earlier launcher's, or one planted by an attacker.
        symlink(&elsewhere, data.path().join("settings.json.tmp")).expect("a link");
        assert_eq!(file.load(), Stored::default(), "what lies elsewhere is not this launcher's");
        file.save(&Stored::default()).expect("saved");
        let kept = std::fs::read_to_string(&elsewhere).expect("read");
        assert_eq!(kept, r#"{"closeToTray":true}"#, "and nothing is written there");
        let saved = std::fs::symlink_metadata(file.path()).expect("there");
        assert!(saved.is_file(), "a file of its own lies there now");
        assert_eq!(saved.permissions().mode() & 0o077, 0, "for the player alone");
    }
}
