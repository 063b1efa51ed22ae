//! How far one change of a service reaches: the files to visit to add a field to a score.
//!
//! Counted are files whose code names the stored score or what the game is told of it, by the names of these
//! types, and files of SQL that make the score's table. Test code and re-exports are left out.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

use super::sources::{Package, files_below};
use super::tokens::steps;

/// The stored score, and the answer to a submitted one.
const TYPES: &[&str] = &["Score", "ScoreReceipt"];

/// The files, below the checkout.
pub fn files(root: &Path, packages: &[Package]) -> Result<BTreeSet<String>> {
    let services =
        packages.iter().filter(|package| ["protocol", "backend", "lambda"].contains(&&*package.name));
    let named = services.flat_map(|package| package.code()).filter(|file| {
        let steps = steps(&file.parts.code);
        steps.iter().any(|token| TYPES.iter().any(|name| token.is(name)))
    });
    let mut files: BTreeSet<String> = named.map(|file| file.path.clone()).collect();
    for path in files_below(&root.join("crates/backend/src"), &["sql"])? {
        if std::fs::read_to_string(&path)?.contains("EXISTS score (") {
            files.insert(path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/"));
        }
    }
    Ok(files)
}

/// The parts of packages that these files stand in: the folders right below `src`.
pub fn rooms(files: &BTreeSet<String>) -> BTreeSet<String> {
    files.iter().map(|file| file.split('/').take(4).collect::<Vec<_>>().join("/")).collect()
}
