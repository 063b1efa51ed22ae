//! How the names of an install folder are spelled on the disk.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use naru_protocol::RelPath;

use crate::UpdateError;
use crate::disk::{Entry, entry_at, is_missing};

/// Tells whether names that differ in their case only lead to one file. A file system that ignores case
/// leads to a file by any spelling of its name, and some give each spelling an inode of its own, so
/// only the folder's list of names tells.
pub(crate) struct Spellings<'a> {
    root: &'a Path,
    /// The names in each folder that was asked about.
    folders: HashMap<String, HashSet<String>>,
}

impl<'a> Spellings<'a> {
    pub(crate) fn new(root: &'a Path) -> Self {
        Self { root, folders: HashMap::new() }
    }

    /// Whether `old` leads to the file that is at `new`. Two files are both listed, each in its own
    /// spelling; one of the two is listed in any case, also where a file system lists all names in
    /// lower case.
    pub(crate) fn are_one(&mut self, old: &RelPath, new: &RelPath) -> Result<bool, UpdateError> {
        let place = old.below(self.root);
        let is_there = entry_at(&place).map_err(UpdateError::io("looking at", &place))? != Entry::Missing;
        Ok(is_there && !(self.has(old.as_str())? && self.has(new.as_str())?))
    }

    /// Whether every part of a path is spelled so in its folder.
    fn has(&mut self, path: &str) -> Result<bool, UpdateError> {
        let mut folder = "";
        for (at, _) in path.match_indices('/').chain([(path.len(), "")]) {
            let name = path[folder.len()..at].trim_start_matches('/');
            if !self.names_in(folder)?.contains(name) {
                return Ok(false);
            }
            folder = &path[..at];
        }
        Ok(true)
    }

    fn names_in(&mut self, folder: &str) -> Result<&HashSet<String>, UpdateError> {
        if !self.folders.contains_key(folder) {
            let names = names(&self.root.join(folder))?;
            self.folders.insert(folder.to_owned(), names);
        }
        Ok(&self.folders[folder])
    }
}

fn names(folder: &Path) -> Result<HashSet<String>, UpdateError> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if is_missing(&error) => return Ok(HashSet::new()),
        entries => entries.map_err(UpdateError::io("listing", folder))?,
    };
    let mut names = HashSet::new();
    for entry in entries {
        let name = entry.map_err(UpdateError::io("listing", folder))?.file_name();
        // Composed, as the release has it: macOS lists decomposed letters. What no release can hold is
        // not asked for.
        let name = RelPath::from_file_system(&name.to_string_lossy());
        names.extend(name.map(|name| name.to_string()));
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_files_whose_names_differ_in_case_are_told_apart() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(folder.path().join("Data/깊은")).expect("folders");
        std::fs::create_dir(folder.path().join("data")).expect("a folder");
        for path in ["Data/깊은/RUN.SH", "Data/깊은/run.sh", "data/one", "Data/one", "gone.txt"] {
            std::fs::write(folder.path().join(path), "").expect("a file");
        }
        let path = |path: &str| RelPath::parse(path).expect("a path");
        for (old, new) in [("Data/깊은/RUN.SH", "Data/깊은/run.sh"), ("Data/one", "data/one")] {
            let are_one = Spellings::new(folder.path()).are_one(&path(old), &path(new)).expect("listed");
            assert!(!are_one, "this file system knows case, and both {old} and {new} are there");
        }
        let are_one = Spellings::new(folder.path()).are_one(&path("GONE.TXT"), &path("gone.txt"));
        assert!(!are_one.expect("listed"), "a file that is not there is not another one");
    }

    #[test]
    fn a_path_is_listed_in_its_own_case_only() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(folder.path().join("Data/깊은")).expect("folders");
        std::fs::write(folder.path().join("Data/깊은/RUN.SH"), "").expect("a file");
        for (path, expected) in [
            ("Data/깊은/RUN.SH", true),
            ("Data/깊은/run.sh", false),
            ("data/깊은/RUN.SH", false),
            ("Data/깊은", true),
            ("data", false),
            ("none/none", false),
        ] {
            let has = Spellings::new(folder.path()).has(path).expect("listed");
            assert_eq!(has, expected, "{path}");
        }
    }
}
