//! Folders of the release that were made before the journal: those in their places are listed, those
//! whose place a file still has wait in Naru's own folder.

use std::io;
use std::path::Path;

use naru_protocol::RelPath;

use super::OwnFolder;
use crate::UpdateError;
use crate::disk::{Entry, entry_at};
use crate::folder::Folder;

/// Where folders are made ready, and where those that were made in their places are listed.
const FOLDERS: &str = "folders";
const LIST: &str = "made";

/// The list of the largest release.
const MOST_LIST: u64 = 1 << 30;

impl OwnFolder {
    fn folders(&self) -> io::Result<Option<Folder>> {
        match self.find() {
            Ok(Some(folder)) => folder.enter(FOLDERS),
            _ => Ok(None),
        }
    }

    /// Lists the folders that are about to be made in their places, so that a run which is killed
    /// before its journal can take them back. Returns the folder of those that are ready.
    pub(crate) fn list_folders<'a>(
        &self,
        in_place: impl IntoIterator<Item = &'a str>,
    ) -> Result<Folder, UpdateError> {
        let at = self.path().join(FOLDERS);
        let folders = self.existing()?.make_own(FOLDERS).map_err(UpdateError::io("making", &at))?;
        let list = serde_json::to_vec(&in_place.into_iter().collect::<Vec<_>>()).map_err(io::Error::from);
        let written = list.and_then(|list| folders.replace(LIST, &list));
        written.map_err(UpdateError::io("writing", &at.join(LIST)))?;
        Ok(folders)
    }

    /// Puts a folder in its place that could not be made there beforehand.
    pub(crate) fn place_ready_folder(&self, number: u32, place: &Path) -> io::Result<()> {
        let folders = self.folders()?.ok_or(io::ErrorKind::NotFound)?;
        folders.move_out(&number.to_string(), place)
    }

    /// Takes back the folders that were made beforehand and stayed empty: all of them where no commit
    /// followed, none after a whole one. A folder that can't be removed is empty and harmless.
    pub(crate) fn drop_folders(&self) {
        let Ok(Some(folders)) = self.folders() else {
            return self.forget_folders();
        };
        let list = folders.read(LIST, MOST_LIST).ok().flatten().unwrap_or_default();
        let mut made: Vec<RelPath> = serde_json::from_slice(&list).unwrap_or_default();
        made.sort_unstable_by_key(|path| std::cmp::Reverse(path.as_str().len()));
        for path in made {
            // Link attack: nothing behind a link is ours.
            let is_real = |parent| matches!(entry_at(&self.install.join(parent)), Ok(Entry::Folder));
            if path.parents().all(is_real) {
                std::fs::remove_dir(path.below(&self.install)).ok();
            }
        }
        self.forget_folders();
    }

    /// Forgets what was made beforehand: all of it is used.
    pub(crate) fn forget_folders(&self) {
        if let Ok(Some(folder)) = self.find() {
            folder.remove(FOLDERS).ok();
        }
    }
}
