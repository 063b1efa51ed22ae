//! Looking at many paths of one tree.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use naru_protocol::RelPath;

use crate::disk::{Entry, entry_at};

/// Looks at paths, and asks once for each folder whether it is there at all: a new install asks for
/// thousands of files in folders that don't exist yet.
pub(crate) struct PathProbe<'a> {
    root: &'a Path,
    folders: HashMap<&'a str, bool>,
}

impl<'a> PathProbe<'a> {
    pub(crate) fn new(root: &'a Path) -> Self {
        Self { root, folders: HashMap::new() }
    }

    pub(crate) fn look(&mut self, path: &'a RelPath) -> io::Result<Entry> {
        if let Some(folder) = path.parents().last() {
            let is_there = match self.folders.get(folder) {
                Some(is_there) => *is_there,
                None => {
                    let is_there = entry_at(&self.root.join(folder))? != Entry::Missing;
                    self.folders.insert(folder, is_there);
                    is_there
                }
            };
            if !is_there {
                return Ok(Entry::Missing);
            }
        }
        entry_at(&path.below(self.root))
    }
}
