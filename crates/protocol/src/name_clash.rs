//! Names that are apart on one system and one and the same on another.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

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
    /// One name in two spellings of Unicode, which is published in one: macOS's decomposed letters and
    /// the composed ones that others write.
    #[error(
        "{path} is there twice, once with composed and once with decomposed letters, as macOS writes Korean (Unicode NFC and NFD): keep one"
    )]
    Forms {
        /// The name, composed.
        path: RelPath,
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
    #[error("{file} is a file and also the folder of {inner}")]
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
        Self::all(files.iter().map(|entry| &entry.path)).into_iter().next()
    }

    /// All clashes among sorted paths, so that the publisher can fix them in one go.
    pub fn all<'a>(paths: impl Iterator<Item = &'a RelPath> + Clone) -> Vec<Self> {
        let mut names: HashMap<Cow<'_, str>, &RelPath> = HashMap::with_capacity(paths.size_hint().0);
        let mut clashes = Vec::new();
        for path in paths.clone() {
            if let Some(one) = names.insert(path.case_key(), path) {
                clashes.push(Self::of_files(one, path));
            }
        }
        Folders { names: &names, spellings: HashMap::new(), told: HashSet::new() }.add(paths, &mut clashes);
        clashes
    }

    fn of_files(one: &RelPath, other: &RelPath) -> Self {
        match one == other {
            true => Self::Forms { path: one.clone() },
            false => Self::Files { one: one.clone(), other: other.clone() },
        }
    }
}

/// The folders of a release, by how their names are first spelled.
struct Folders<'n, 'a> {
    names: &'n HashMap<Cow<'a, str>, &'a RelPath>,
    spellings: HashMap<String, &'a str>,
    /// Each clash is reported once, however many files are in the folder.
    told: HashSet<&'a str>,
}

impl<'a> Folders<'_, 'a> {
    fn add(mut self, paths: impl Iterator<Item = &'a RelPath>, clashes: &mut Vec<NameClash>) {
        let mut last = "";
        for path in paths {
            let folder = path.as_str().rsplit_once('/').map_or("", |(folder, _)| folder);
            if folder != last {
                last = folder;
                clashes.extend(self.clash_above(path));
            }
        }
    }

    /// The outermost folder of a path that clashes; those in it clash with it.
    fn clash_above(&mut self, path: &'a RelPath) -> Option<NameClash> {
        let (parent, clash) =
            path.parents().find_map(|parent| Some((parent, self.clash_of(parent, path)?)))?;
        self.told.insert(parent).then_some(clash)
    }

    fn clash_of(&mut self, parent: &'a str, inner: &RelPath) -> Option<NameClash> {
        // A part of a valid path, up to a slash, is a valid path.
        let key = RelPath::parse(parent).ok()?.case_key().into_owned();
        if let Some(file) = self.names.get(key.as_str()) {
            return Some(NameClash::FileAndFolder { file: (*file).clone(), inner: inner.clone() });
        }
        let spelling = *self.spellings.entry(key).or_insert(parent);
        let (one, other) = (spelling.to_owned(), parent.to_owned());
        (spelling != parent).then_some(NameClash::Folders { one, other })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Digest;

    fn clash(paths: &[&str]) -> String {
        NameClash::find(&entries(paths)).map(|clash| clash.to_string()).unwrap_or_default()
    }

    fn entries(paths: &[&str]) -> Vec<FileEntry> {
        let entry = |path: &&str| FileEntry {
            path: RelPath::parse(path).expect("a valid test path"),
            size: 3,
            digest: Digest::of(b"abc"),
            executable: false,
            pieces: Vec::new(),
        };
        let mut files: Vec<_> = paths.iter().map(entry).collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files
    }

    #[test]
    fn all_clashes_are_found_and_a_folder_s_once() {
        let files = entries(&["A.txt", "Art/a", "Art/b", "a.txt", "art/c", "art/d", "x", "X/y", "X/z"]);
        let clashes = NameClash::all(files.iter().map(|entry| &entry.path));
        assert_eq!(clashes.len(), 3, "one run must be enough to mend them all: {clashes:?}");
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
        assert!(
            clash(&["가", "가"])
                .starts_with("가 is there twice, once with composed and once with decomposed"),
            "a scan composes both, so that they come as one name"
        );
        assert_eq!(clash(&["x", "X/y"]), "x is a file and also the folder of X/y");
        assert_eq!(clash(&["a", "b"]), "");
    }
}
