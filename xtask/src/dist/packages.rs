//! The packages that were made.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// The bundles to build. AppImages need a separate download, so they are left out.
pub const KINDS: &str = if cfg!(windows) {
    "nsis"
} else if cfg!(target_os = "macos") {
    "app,dmg"
} else {
    "deb,rpm"
};

/// Suffixes of packages and their signatures. The folders that they were packed from are beside them.
const ENDINGS: [&str; 6] = [".deb", ".rpm", ".exe", ".dmg", ".app.tar.gz", ".sig"];

/// Copies the packages into one folder; answers where they are now.
pub fn collect(bundles: &Path, place: &Path) -> Result<Vec<PathBuf>> {
    let mut packages = Vec::new();
    for kind in entries(bundles)? {
        for file in entries(&kind)?.into_iter().filter(|file| is_package(file)) {
            let name = file.file_name().unwrap_or_default();
            let copy = place.join(name);
            fs::copy(&file, &copy).with_context(|| format!("copying {}", file.display()))?;
            packages.push(copy);
        }
    }
    if packages.is_empty() {
        bail!("the Tauri CLI has left no package in {}", bundles.display());
    }
    packages.sort();
    Ok(packages)
}

/// Prints each with its size.
pub fn list(packages: &[PathBuf]) -> Result<()> {
    for package in packages {
        let bytes = fs::metadata(package).with_context(|| package.display().to_string())?.len();
        println!("{:>8.1} MB  {}", bytes as f64 / 1e6, package.display());
    }
    Ok(())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    entries.map(|entry| Ok(entry?.path())).collect()
}

fn is_package(file: &Path) -> bool {
    let name = file.to_string_lossy();
    file.is_file() && ENDINGS.iter().any(|ending| name.ends_with(ending))
}
