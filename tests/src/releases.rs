//! Two releases of one game that differ in 200 files and in every way that a file can differ.

use fastrand::Rng;
use naru_testkit::{Shape, Tree, TreeFile};

const MIB: usize = 1 << 20;

/// The first release: 230 files, two of them of several MiB.
pub fn release() -> Tree {
    let mut random = Rng::with_seed(1);
    let mut tree = Tree::generate(1, Shape { files: 0, largest: 1 });
    for number in 0..100 {
        put(&mut tree, &format!("edited/{number}.json"), small(&mut random));
    }
    for number in 0..30 {
        put(&mut tree, &format!("deleted/깊은 곳/{number}.png"), small(&mut random));
    }
    for number in 0..20 {
        put(&mut tree, &format!("moved/from/{number}.ogg"), small(&mut random));
    }
    for number in 0..8 {
        put(&mut tree, &format!("bin/tool{number}"), small(&mut random));
    }
    for number in 0..60 {
        put(&mut tree, &format!("same/{number}.txt"), small(&mut random));
    }
    put(&mut tree, "world.pak", bytes(&mut random, 3 * MIB + 12_345));
    put(&mut tree, "music.pak", bytes(&mut random, 2 * MIB + 777));
    put(&mut tree, "turns/file", small(&mut random));
    put(&mut tree, "turns/folder/a", small(&mut random));
    put(&mut tree, "turns/folder/b/c", small(&mut random));
    put(&mut tree, "swap/left", small(&mut random));
    put(&mut tree, "swap/right", small(&mut random));
    put(&mut tree, "Case.txt", small(&mut random));
    put(&mut tree, "was-full", small(&mut random));
    tree
}

/// The release after it.
pub fn next_release() -> Tree {
    let mut random = Rng::with_seed(2);
    let mut tree = release();
    for number in 0..100 {
        put(&mut tree, &format!("edited/{number}.json"), small(&mut random));
    }
    tree.files.retain(|path, _| !path.starts_with("deleted/"));
    for number in 0..20 {
        rename(&mut tree, &format!("moved/from/{number}.ogg"), &format!("moved/to/{number}.ogg"));
    }
    for number in 0..8 {
        turn_executable(&mut tree, &format!("bin/tool{number}"));
    }
    for number in 0..30 {
        put(&mut tree, &format!("added/새 폴더/{number}.bin"), small(&mut random));
    }
    // Three new pieces of a large file, and a large file that is new as a whole.
    edit_piece(&mut tree, "world.pak", 1, &mut random);
    edit_piece(&mut tree, "world.pak", 2, &mut random);
    put(&mut tree, "added/voices.pak", bytes(&mut random, 2 * MIB + 99));
    let copy = tree.files["added/새 폴더/0.bin"].clone();
    tree.files.insert("added/the same again".into(), copy);
    rename(&mut tree, "music.pak", "music/all.pak");
    turn(&mut tree, &mut random);
    tree
}

/// A release of a few files, with one of each kind, for loops that inject several faults at every call.
pub fn small_release() -> Tree {
    let mut random = Rng::with_seed(3);
    let mut tree = Tree::generate(1, Shape { files: 0, largest: 1 });
    for path in ["edited/a", "edited/b", "deleted/깊은 곳/a", "moved/from/a", "bin/tool", "same"] {
        put(&mut tree, path, small(&mut random));
    }
    put(&mut tree, "world.pak", bytes(&mut random, MIB + 12_345));
    put(&mut tree, "turns/file", small(&mut random));
    put(&mut tree, "turns/folder/b/c", small(&mut random));
    put(&mut tree, "swap/left", small(&mut random));
    put(&mut tree, "swap/right", small(&mut random));
    put(&mut tree, "Case.txt", small(&mut random));
    put(&mut tree, "was-full", small(&mut random));
    tree
}

/// The small release after it: edited, deleted, moved, added in new folders, another mode, a file that
/// becomes a folder and the other way round.
pub fn next_small_release() -> Tree {
    let mut random = Rng::with_seed(4);
    let mut tree = small_release();
    put(&mut tree, "edited/a", small(&mut random));
    put(&mut tree, "edited/b", small(&mut random));
    tree.files.retain(|path, _| !path.starts_with("deleted/"));
    rename(&mut tree, "moved/from/a", "moved/to/a");
    turn_executable(&mut tree, "bin/tool");
    put(&mut tree, "added/새 폴더/a", small(&mut random));
    edit_piece(&mut tree, "world.pak", 0, &mut random);
    turn(&mut tree, &mut random);
    tree
}

/// Names that change: from file to folder and back, swapped bytes, different case.
fn turn(tree: &mut Tree, random: &mut Rng) {
    tree.files.remove("turns/file");
    put(tree, "turns/file/inside", small(random));
    tree.files.retain(|path, _| !path.starts_with("turns/folder/"));
    put(tree, "turns/folder", small(random));
    rename(tree, "swap/left", "swap/middle");
    rename(tree, "swap/right", "swap/left");
    rename(tree, "swap/middle", "swap/right");
    rename(tree, "Case.txt", "case.txt");
    put(tree, "was-full", Vec::new());
}

fn put(tree: &mut Tree, path: &str, bytes: Vec<u8>) {
    tree.files.insert(path.to_owned(), TreeFile { bytes: bytes.into(), executable: false });
}

fn rename(tree: &mut Tree, from: &str, to: &str) {
    let file = tree.files.remove(from).unwrap();
    tree.files.insert(to.to_owned(), file);
}

fn turn_executable(tree: &mut Tree, path: &str) {
    let file = tree.files.get_mut(path).unwrap();
    file.executable = !file.executable;
}

fn edit_piece(tree: &mut Tree, path: &str, piece: usize, random: &mut Rng) {
    let mut edited = tree.files[path].bytes.to_vec();
    random.fill(&mut edited[piece * MIB..piece * MIB + 5_000]);
    put(tree, path, edited);
}

fn small(random: &mut Rng) -> Vec<u8> {
    let length = random.usize(1..30_000);
    bytes(random, length)
}

fn bytes(random: &mut Rng, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    random.fill(&mut bytes);
    bytes
}
