//! What the demo does to its copy of the sample game: one change of each kind, and one damage.

use std::fs::{self, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// Copies a folder and everything in it.
pub fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("making {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target).with_context(|| format!("copying {}", entry.path().display()))?;
        }
    }
    Ok(())
}

/// Edits, adds, moves and deletes a file, whichever the build has; answers what was done.
pub fn change(build: &Path) -> Result<Vec<String>> {
    let mut files = files(build)?;
    let edited = build.join("index.html");
    files.retain(|file| *file != edited);
    let [moved, .., deleted] = files.as_slice() else {
        bail!("{} has too few files for the demo", build.display());
    };
    let mut page = OpenOptions::new()
        .append(true)
        .open(&edited)
        .with_context(|| format!("opening {}", edited.display()))?;
    writeln!(page, "<!-- release 2 -->")?;
    fs::write(build.join("new-in-2.txt"), "A file that release 1 did not have.\n")?;
    let target = build.join("moved").join(moved.file_name().unwrap_or_default());
    fs::create_dir_all(build.join("moved"))?;
    fs::rename(moved, &target)?;
    fs::remove_file(deleted)?;
    let name = |path: &Path| path.strip_prefix(build).unwrap_or(path).display().to_string();
    Ok(vec![
        format!("edited   {}", name(&edited)),
        "added    new-in-2.txt".into(),
        format!("moved    {} -> {}", name(moved), name(&target)),
        format!("deleted  {}", name(deleted)),
    ])
}

/// Changes one byte in the middle of the largest installed file; answers which.
pub fn damage(install: &Path) -> Result<PathBuf> {
    let mut files = files(install)?;
    files.sort_by_key(|file| fs::metadata(file).map(|data| data.len()).unwrap_or(0));
    let Some(largest) = files.pop() else {
        bail!("{} has no file", install.display());
    };
    let mut file = OpenOptions::new().read(true).write(true).open(&largest)?;
    let middle = SeekFrom::Start(file.metadata()?.len() / 2);
    let mut byte = [0];
    file.seek(middle)?;
    file.read_exact(&mut byte)?;
    file.seek(middle)?;
    file.write_all(&[!byte[0]])?;
    Ok(largest)
}

/// All files below a folder, sorted, without what belongs to Naru itself.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if entry.file_type()?.is_dir() {
            found.extend(files(&entry.path())?);
        } else {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}
