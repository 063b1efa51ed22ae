//! The packages of a checkout and their files.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::tokens::{Parts, parts, tokens};

/// Packages that are built for no user.
const FOR_TESTS: &[&str] = &["testkit", "tests", "xtask"];

/// One package of the workspace.
#[derive(Debug)]
pub struct Package {
    /// The name of its folder: `patcher`, `src-tauri`.
    pub name: String,
    /// What other packages' code calls it: `naru_patcher`.
    pub ident: String,
    /// All its Rust files.
    pub files: Vec<File>,
    /// Its folder, below the checkout.
    folder: String,
}

/// One Rust file.
#[derive(Debug)]
pub struct File {
    /// Below the checkout.
    pub path: String,
    /// Its tokens.
    pub parts: Parts,
    /// Whether users get none of it: tests, examples, and packages for tests.
    pub is_test: bool,
}

/// Reads all packages of the checkout at `root`.
pub fn packages(root: &Path) -> Result<Vec<Package>> {
    let mut folders: Vec<String> = ["src-tauri", "tests", "xtask"].map(str::to_owned).into();
    let crates = root.join("crates");
    for entry in std::fs::read_dir(&crates).with_context(|| format!("reading {}", crates.display()))? {
        folders.push(format!("crates/{}", entry?.file_name().to_string_lossy()));
    }
    folders.sort();
    folders.into_iter().map(|folder| package(root, folder)).collect()
}

fn package(root: &Path, folder: String) -> Result<Package> {
    let name = folder.rsplit('/').next().unwrap_or_default().to_owned();
    let ident = match name.as_str() {
        "src-tauri" => "naru_launcher_lib".to_owned(),
        "xtask" => name.clone(),
        _ => format!("naru_{}", name.replace('-', "_")),
    };
    let mut files = Vec::new();
    for path in files_below(&root.join(&folder), &["rs"])? {
        let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let path = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        let is_apart = ["tests", "examples", "benches"]
            .iter()
            .any(|apart| path.starts_with(&format!("{folder}/{apart}/")));
        let is_test = is_apart || FOR_TESTS.contains(&name.as_str());
        files.push(File { path, parts: parts(tokens(&text)), is_test });
    }
    Ok(Package { name, ident, files, folder })
}

/// All files below a folder with one of these endings, in the order of their paths.
pub fn files_below(folder: &Path, endings: &[&str]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let entries = std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && !["target", "node_modules", "dist"].contains(&name.as_str()) {
            found.extend(files_below(&path, endings)?);
        } else if endings.iter().any(|ending| name.ends_with(&format!(".{ending}"))) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

impl Package {
    /// The files that users get something of.
    pub fn code(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| !file.is_test)
    }

    /// A file by its path below the package.
    pub fn file(&self, inner: &str) -> Option<&File> {
        let path = format!("{}/{inner}", self.folder);
        self.files.iter().find(|file| file.path == path)
    }
}

#[cfg(test)]
impl Package {
    /// A package that is on no disk.
    pub(super) fn of(folder: &str, files: Vec<File>) -> Self {
        let name = folder.rsplit('/').next().unwrap_or_default().to_owned();
        Self { ident: format!("naru_{name}"), name, files, folder: folder.to_owned() }
    }
}
