//! What lies in a build folder: files to publish, and everything that keeps it from being published.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use ignore::gitignore::Gitignore;
use naru_protocol::{NameClash, NameError, NameProblem, RelPath};

use super::rules::secret_rules;
use super::walk::{Kind, Listed, Visit, joined, walk};
use super::{ScannedFile, ScannedFolder, cache};
use crate::{BadEntry, NotAFile, ScanError};

/// The 2017 publisher's own files: in the bucket, these keys are the file list and the pointer.
const KEYS_OF_2017: [&str; 2] = ["filedb.db", "version.json"];

/// Everything below a folder, by the rules of what is left out.
pub(super) fn find(
    root: &Path,
    ignore: Gitignore,
    known: &HashMap<String, Vec<u8>>,
) -> Result<Found, ScanError> {
    let visitor = Visitor { ignore, secret: secret_rules(root)?, known, found: Mutex::default() };
    walk(root, &visitor).map_err(|(path, source)| ScanError::io(&path)(source))?;
    Ok(visitor.found.into_inner().unwrap_or_else(PoisonError::into_inner))
}

struct Visitor<'a> {
    ignore: Gitignore,
    /// Names that look like secrets.
    secret: Gitignore,
    known: &'a HashMap<String, Vec<u8>>,
    found: Mutex<Found>,
}

#[derive(Default)]
pub(super) struct Found {
    pub(super) folders: Vec<ScannedFolder>,
    pub(super) bad_names: Vec<NameError>,
    pub(super) not_files: Vec<NotAFile>,
    pub(super) reserved: Vec<RelPath>,
    pub(super) empty_folders: Vec<String>,
    pub(super) secrets: Vec<String>,
}

impl Found {
    fn add(&mut self, more: Found) {
        self.folders.extend(more.folders);
        self.bad_names.extend(more.bad_names);
        self.not_files.extend(more.not_files);
        self.reserved.extend(more.reserved);
        self.empty_folders.extend(more.empty_folders);
        self.secrets.extend(more.secrets);
    }

    /// Everything that keeps the build from being published; clashes only where something else does,
    /// as the manifest looks for them in any case.
    pub(super) fn bad_entries(&mut self) -> Vec<BadEntry> {
        if self.bad_names.is_empty() && self.not_files.is_empty() {
            return Vec::new();
        }
        self.bad_names.sort_by(|a, b| a.path.cmp(&b.path));
        self.not_files.sort();
        let mut bad: Vec<BadEntry> = self.bad_names.drain(..).map(BadEntry::Name).collect();
        let files = self.folders.iter().flat_map(|folder| &folder.files);
        let mut paths: Vec<&RelPath> = files.map(|file| &file.path).collect();
        paths.sort();
        bad.extend(clashes(paths.into_iter()));
        bad.extend(self.not_files.drain(..).map(BadEntry::NotAFile));
        bad
    }
}

pub(super) fn clashes<'a>(paths: impl Iterator<Item = &'a RelPath> + Clone) -> Vec<BadEntry> {
    NameClash::all(paths).into_iter().map(BadEntry::Clash).collect()
}

impl Visit for Visitor<'_> {
    fn folder(&self, path: &str, entries: Vec<Listed>) -> Vec<String> {
        let known = self.known.get(path).map(|row| cache::unpack(row)).unwrap_or_default();
        let mut here = Found::default();
        let mut files = Vec::with_capacity(entries.len());
        let mut deeper = Vec::new();
        if entries.is_empty() && !path.is_empty() {
            here.empty_folders.push(path.to_owned());
        }
        for entry in entries {
            let full = joined(path, &entry.name);
            let rule = self.ignore.matched(&full, entry.kind == Kind::Folder);
            if rule.is_ignore() {
                continue;
            }
            if !rule.is_whitelist() && self.is_secret(&full, &entry.kind) {
                here.secrets.push(full.clone());
            }
            if KEYS_OF_2017.contains(&full.as_str()) {
                here.reserved.extend(RelPath::parse(&full));
                continue;
            }
            match entry.kind {
                Kind::Folder => deeper.push(entry.name),
                Kind::Link => here.not_files.push(NotAFile { path: full.into(), is_link: true }),
                Kind::Other => here.not_files.push(NotAFile { path: full.into(), is_link: false }),
                Kind::File(stat) => match published_name(&full, entry.readable_name) {
                    Err(error) => here.bad_names.push(error),
                    Ok(path) => {
                        let hash = known.get(&entry.name).filter(|(seen, _)| *seen == stat);
                        let hash = hash.map(|(_, hash)| hash.clone());
                        files.push(ScannedFile { path, name: entry.name, stat, hash });
                    }
                },
            }
        }
        let unchanged = files.len() == known.len() && files.iter().all(|file| file.hash.is_some());
        here.folders.push(ScannedFolder { path: path.to_owned(), files, unchanged });
        self.found.lock().unwrap_or_else(PoisonError::into_inner).add(here);
        deeper
    }
}

impl Visitor<'_> {
    /// Whether a name looks like a key or a password. Of a folder, only its own name is reported.
    fn is_secret(&self, path: &str, kind: &Kind) -> bool {
        self.secret.matched(path, *kind == Kind::Folder).is_ignore()
    }
}

fn published_name(path: &str, readable: bool) -> Result<RelPath, NameError> {
    if readable {
        return RelPath::from_file_system(path);
    }
    Err(NameError { path: path.to_owned(), problem: NameProblem::NotUnicode })
}
