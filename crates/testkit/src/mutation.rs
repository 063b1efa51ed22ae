//! What a studio does to a build between two releases.

use bytes::BytesMut;
use fastrand::Rng;

use crate::Tree;
use crate::tree::{new_bytes, new_file, new_path};

/// How much of a tree changes; each a share of its files, from 0 to 1.
#[derive(Debug, Clone, Copy, Default)]
pub struct Changes {
    /// Files whose bytes change.
    pub edit: f64,
    /// New files.
    pub add: f64,
    /// Files that go.
    pub delete: f64,
    /// Files that get another path.
    pub rename: f64,
    /// Files whose executable bit turns.
    pub mode: f64,
}

/// What was done, path by path. No file is hit by two of the changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mutation {
    /// Files whose bytes changed.
    pub edited: Vec<String>,
    /// New files.
    pub added: Vec<String>,
    /// Files that went.
    pub deleted: Vec<String>,
    /// Old and new path.
    pub renamed: Vec<(String, String)>,
    /// Files whose executable bit turned.
    pub mode: Vec<String>,
}

impl Tree {
    /// The next build and its differences.
    pub fn mutate(&self, seed: u64, changes: Changes) -> (Tree, Mutation) {
        let mut random = Rng::with_seed(seed);
        let mut next = Tree { seed, files: self.files.clone() };
        let mut paths: Vec<String> = self.files.keys().cloned().collect();
        random.shuffle(&mut paths);
        let share = |part: f64| (paths.len() as f64 * part).ceil() as usize;
        let mut untouched = paths.iter().cloned();
        let mut take = |part: f64| untouched.by_ref().take(share(part)).collect::<Vec<_>>();
        let (edited, deleted, moving, mode) =
            (take(changes.edit), take(changes.delete), take(changes.rename), take(changes.mode));
        let added = share(changes.add);

        edited.iter().for_each(|path| next.edit(path, &mut random));
        deleted.iter().for_each(|path| drop(next.files.remove(path)));
        let renamed = moving.into_iter().map(|path| next.rename(path, &mut random)).collect();
        mode.iter().for_each(|path| next.turn_mode(path));
        let added = (0..added).map(|_| next.add(&mut random)).collect();
        let mutation = Mutation { edited, added, deleted, renamed, mode };
        (next, mutation)
    }

    /// Replaces a stretch in the middle, as an editor does, or the whole of a small file.
    fn edit(&mut self, path: &str, random: &mut Rng) {
        let Some(file) = self.files.get_mut(path) else { return };
        let length = file.bytes.len();
        let start = random.usize(..=length / 2);
        let end = random.usize(start..=length);
        let mut edited = BytesMut::from(&file.bytes[..start]);
        let patch = random.usize(1..=1 + length / 4);
        edited.extend_from_slice(&new_bytes(random, patch));
        edited.extend_from_slice(&file.bytes[end..]);
        // The stretch may have had these very bytes.
        if edited == file.bytes {
            edited.extend_from_slice(b"!");
        }
        file.bytes = edited.freeze();
    }

    fn rename(&mut self, path: String, random: &mut Rng) -> (String, String) {
        let to = self.unused_path(random);
        if let Some(file) = self.files.remove(&path) {
            self.files.insert(to.clone(), file);
        }
        (path, to)
    }

    fn turn_mode(&mut self, path: &str) {
        if let Some(file) = self.files.get_mut(path) {
            file.executable = !file.executable;
        }
    }

    fn add(&mut self, random: &mut Rng) -> String {
        let path = self.unused_path(random);
        let largest = self.files.values().map(|file| file.bytes.len() as u64).max();
        let file = new_file(random, largest.unwrap_or(1024));
        self.files.insert(path.clone(), file);
        path
    }

    fn unused_path(&self, random: &mut Rng) -> String {
        loop {
            let number = random.usize(1_000_000..1_000_000_000);
            let path = new_path(random, number);
            if !self.files.contains_key(&path) {
                return path;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Shape;

    #[test]
    fn every_change_is_named() {
        let tree = Tree::generate(3, Shape { files: 100, largest: 5_000 });
        let changes = Changes { edit: 0.1, add: 0.05, delete: 0.05, rename: 0.1, mode: 0.02 };
        let (next, mutation) = tree.mutate(4, changes);
        assert_eq!(mutation.edited.len(), 10);
        assert_eq!(next.files.len(), 100);
        for path in &mutation.edited {
            assert_ne!(tree.files[path].bytes, next.files[path].bytes, "{path} in {next:?}");
        }
        for (from, to) in &mutation.renamed {
            assert_eq!(tree.files[from], next.files[to], "a move changes no byte");
            assert!(!next.files.contains_key(from));
        }
        assert_eq!(tree.mutate(4, changes), (next, mutation), "a seed is a mutation");
    }
}
