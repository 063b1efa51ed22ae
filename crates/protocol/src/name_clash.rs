//! Names that are apart on one system and one and the same on another.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::{FileEntry, RelPath};

/// Two names of a release that can't both be installed everywhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameClash {
    /// Two files that are one where case does not count.
    #[error("{one} and {other} {}: on Windows and macOS they are one file", how(one.as_str(), other.as_str()))]
    Files {
        /// The first of them.
        one: RelPath,
        /// The second.
        other: RelPath,
    },
    /// `Art/a.png` and `art/b.png` would be one folder on Windows and two on Linux.
    #[error("{one} and {other} {}: on Windows and macOS they are one folder", how(one, other))]
    Folders {
        /// The first of them.
        one: String,
        /// The second.
        other: String,
    },
    /// A file that is another's folder.
    #[error("{file} is a file and the folder of {inner}")]
    FileAndFolder {
        /// The file.
        file: RelPath,
        /// What lies in it.
        inner: RelPath,
    },
}

fn how(one: &str, other: &str) -> &'static str {
    if differ_in_case(one, other) {
        "differ only in case"
    } else {
        "differ only in the form of their letters"
    }
}

/// Whether two names of one key differ in their case, and not in wide and narrow letters or the like.
pub fn differ_in_case(one: &str, other: &str) -> bool {
    caseless::default_case_fold_str(one) == caseless::default_case_fold_str(other)
}

impl NameClash {
    /// The first clash among files that are sorted by path.
    pub fn find(files: &[FileEntry]) -> Option<Self> {
        let mut names: HashMap<Cow<'_, str>, &RelPath> = HashMap::with_capacity(files.len());
        for entry in files {
            if let Some(one) = names.insert(entry.path.case_key(), &entry.path) {
                return Some(Self::Files { one: one.clone(), other: entry.path.clone() });
            }
        }
        Self::find_folder(files, &names)
    }

    fn find_folder(files: &[FileEntry], names: &HashMap<Cow<'_, str>, &RelPath>) -> Option<Self> {
        let mut folders: HashMap<String, &str> = HashMap::new();
        let mut last = "";
        for entry in files {
            let folder = entry.path.as_str().rsplit_once('/').map_or("", |(folder, _)| folder);
            if folder == last {
                continue;
            }
            last = folder;
            for parent in entry.path.parents() {
                // A part of a valid path, up to a slash, is a valid path.
                let Ok(key) = RelPath::parse(parent).map(|path| path.case_key().into_owned()) else {
                    continue;
                };
                if let Some(file) = names.get(key.as_str()) {
                    return Some(Self::FileAndFolder { file: (*file).clone(), inner: entry.path.clone() });
                }
                let spelling = folders.entry(key).or_insert(parent);
                if *spelling != parent {
                    return Some(Self::Folders { one: (*spelling).to_owned(), other: parent.to_owned() });
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Digest;

    fn clash(paths: &[&str]) -> String {
        let entry = |path: &&str| FileEntry {
            path: RelPath::parse(path).expect("a valid test path"),
            size: 3,
            digest: Digest::of(b"abc"),
            executable: false,
            pieces: Vec::new(),
        };
        let mut files: Vec<_> = paths.iter().map(entry).collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        NameClash::find(&files).map(|clash| clash.to_string()).unwrap_or_default()
    }

    #[test]
    fn a_clash_says_what_is_the_same_and_where() {
        assert_eq!(
            clash(&["A.txt", "a.txt"]),
            "A.txt and a.txt differ only in case: on Windows and macOS they are one file"
        );
        assert_eq!(
            clash(&["Art/a", "art/b"]),
            "Art and art differ only in case: on Windows and macOS they are one folder"
        );
        assert_eq!(
            clash(&["(1)", "\u{ff08}1\u{ff09}"]),
            "(1) and \u{ff08}1\u{ff09} differ only in the form of their letters: on Windows and macOS they are one file",
            "wide brackets, as Korean keyboards write them, are no other case"
        );
        assert_eq!(clash(&["x", "X/y"]), "x is a file and the folder of X/y");
        assert_eq!(clash(&["a", "b"]), "");
    }
}
