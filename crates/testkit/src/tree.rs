//! Seeded build trees.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use bytes::Bytes;
use fastrand::Rng;

use crate::Entry;

/// How large a tree is.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// How many files.
    pub files: usize,
    /// The largest file, in bytes. Sizes are spread evenly over the powers of two below it, so most
    /// files are small and most bytes are in a few large ones, as in games.
    pub largest: u64,
}

/// One file of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeFile {
    /// Its bytes.
    pub bytes: Bytes,
    /// Its one mode bit.
    pub executable: bool,
}

/// A build folder in memory. The same seed and shape give the same tree on every machine.
#[derive(Clone, PartialEq, Eq)]
pub struct Tree {
    pub(crate) seed: u64,
    /// Files by path.
    pub files: BTreeMap<String, TreeFile>,
}

const FOLDERS: [&str; 8] =
    ["", "assets/", "assets/맵/", "소리/효과음/", "bin/", "data/a b/", "lang/한국어/", "깊은/곳/에/"];
const STEMS: [&str; 8] = ["level", "음악", "texture", "주인공", "shader", "배경 그림", "a#b%c+d", "대사"];
const EXTENSIONS: [&str; 6] = ["bin", "png", "ogg", "json", "pak", "txt"];

impl Tree {
    /// A tree of this shape.
    pub fn generate(seed: u64, shape: Shape) -> Self {
        let mut random = Rng::with_seed(seed);
        let mut tree = Self { seed, files: BTreeMap::new() };
        while tree.files.len() < shape.files {
            let path = new_path(&mut random, tree.files.len());
            tree.files.insert(path, new_file(&mut random, shape.largest));
        }
        tree
    }

    /// All bytes of all files.
    pub fn total_bytes(&self) -> u64 {
        self.files.values().map(|file| file.bytes.len() as u64).sum()
    }

    /// Makes `folder` hold this tree and nothing else. Files that are right already are not touched.
    pub fn write_to(&self, folder: &Path) {
        fs::create_dir_all(folder).unwrap();
        for entry in crate::snapshot(folder) {
            if !self.files.contains_key(&entry.path) {
                fs::remove_file(folder.join(&entry.path)).unwrap();
            }
        }
        for (path, file) in &self.files {
            write_file(&folder.join(path), file);
        }
    }

    /// What [`crate::snapshot`] says of a folder that holds this tree.
    pub fn snapshot(&self) -> Vec<Entry> {
        let entries = self.files.iter().map(|(path, file)| Entry {
            path: path.clone(),
            digest: blake3::hash(&file.bytes).to_hex().to_string(),
            executable: file.executable && cfg!(unix),
        });
        entries.collect()
    }
}

impl std::fmt::Debug for Tree {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tree")
            .field("seed", &self.seed)
            .field("files", &self.files.len())
            .field("bytes", &self.total_bytes())
            .finish()
    }
}

/// A path that no other number gives.
pub(crate) fn new_path(random: &mut Rng, number: usize) -> String {
    let folder = FOLDERS[random.usize(..FOLDERS.len())];
    let stem = STEMS[random.usize(..STEMS.len())];
    let extension = EXTENSIONS[random.usize(..EXTENSIONS.len())];
    format!("{folder}{stem}{number}.{extension}")
}

pub(crate) fn new_file(random: &mut Rng, largest: u64) -> TreeFile {
    let most = random.u64(0..=u64::from(largest.max(1).ilog2()));
    let length = random.u64(0..=largest.min(1 << most << 1));
    TreeFile { bytes: new_bytes(random, length as usize), executable: random.u8(..8) == 0 }
}

/// Half of all files compress, as text and maps do; the others don't, as pictures and sounds.
pub(crate) fn new_bytes(random: &mut Rng, length: usize) -> Bytes {
    let mut bytes = vec![0; length];
    random.fill(&mut bytes);
    if random.bool() {
        bytes.iter_mut().for_each(|byte| *byte = b'a' + *byte % 8);
    }
    bytes.into()
}

fn write_file(path: &Path, file: &TreeFile) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    if fs::read(path).ok().as_deref() != Some(&file.bytes[..]) {
        fs::write(path, &file.bytes).unwrap();
    }
    set_executable(path, file.executable);
}

#[cfg(unix)]
fn set_executable(path: &Path, executable: bool) {
    use std::os::unix::fs::PermissionsExt;
    let mode = if executable { 0o755 } else { 0o644 };
    if fs::metadata(path).unwrap().permissions().mode() & 0o777 != mode {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
}

#[cfg(not(unix))]
fn set_executable(_path: &Path, _executable: bool) {}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: Shape = Shape { files: 60, largest: 20_000 };

    #[test]
    fn a_seed_is_a_tree() {
        assert_eq!(Tree::generate(1, SHAPE), Tree::generate(1, SHAPE));
        assert_ne!(Tree::generate(1, SHAPE), Tree::generate(2, SHAPE));
        let tree = Tree::generate(1, SHAPE);
        assert_eq!(tree.files.len(), 60);
        assert!(tree.files.values().any(|file| file.executable));
        assert!(tree.files.keys().any(|path| path.contains('한')));
        assert!(tree.files.values().all(|file| file.bytes.len() as u64 <= SHAPE.largest));
    }

    #[test]
    fn a_folder_becomes_exactly_the_tree() {
        let folder = tempfile::tempdir().unwrap();
        Tree::generate(1, SHAPE).write_to(folder.path());
        let other = Tree::generate(2, SHAPE);
        other.write_to(folder.path());
        assert_eq!(crate::snapshot(folder.path()), other.snapshot(), "{other:?}");
    }
}
