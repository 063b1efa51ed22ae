//! Which entries of a build folder are left out, and which look like secrets.

use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::ScanError;
use crate::disk::{Entry, entry_at};
use crate::text_file::{TextError, TextProblem, read_text};

/// Patterns of files that no build means to contain.
const ALWAYS_IGNORED: [&str; 5] = [".git/", ".DS_Store", "Thumbs.db", "desktop.ini", "/.naruignore"];

/// Names of keys, passwords and histories, which get into a build by accident. Some builds mean it: a
/// line `!cacert.pem` in `.naruignore` says so.
const SECRETS: [&str; 22] = [
    ".git",
    ".svn/",
    ".hg/",
    ".aws/",
    ".ssh/",
    ".env",
    ".env.*",
    "*.pem",
    "*.p12",
    "*.pfx",
    "*.ppk",
    "*.jks",
    "*.keystore",
    "*.kdbx",
    "id_rsa",
    "id_ecdsa",
    "id_ed25519",
    ".netrc",
    ".npmrc",
    ".pypirc",
    ".git-credentials",
    ".htpasswd",
];

/// Where a studio says which files are not part of the build.
pub(super) const IGNORE_FILE: &str = ".naruignore";

/// What is left out of every build: as a builder for more rules, and built.
pub(super) fn base_rules(root: &Path, path: &Path) -> Result<(GitignoreBuilder, Gitignore), ScanError> {
    let rules = rules(root, &ALWAYS_IGNORED).map_err(refused_rule(path))?;
    let built = rules.build().map_err(refused_rule(path))?;
    Ok((rules, built))
}

fn rules(root: &Path, patterns: &[&str]) -> Result<GitignoreBuilder, ignore::Error> {
    let mut rules = GitignoreBuilder::new(root);
    for pattern in patterns {
        rules.add_line(None, pattern)?;
    }
    Ok(rules)
}

fn refused_rule(path: &Path) -> impl Fn(ignore::Error) -> ScanError {
    move |error| ScanError::Ignore { path: path.to_path_buf(), problem: error.to_string() }
}

pub(super) fn ignore_rules(root: &Path, path: &Path) -> Result<Gitignore, ScanError> {
    let (mut rules, built) = base_rules(root, path)?;
    // A rule that is not applied publishes what it was to keep back, so a file of rules that is not
    // understood as a whole stops the publish.
    let Some(text) = read_own_text(path)? else {
        return Ok(built);
    };
    for (at, line) in text.lines().enumerate() {
        rules.add_line(None, line).map_err(|error| ScanError::Ignore {
            path: path.to_path_buf(),
            problem: format!("line {}: {error}", at + 1),
        })?;
    }
    rules.build().map_err(refused_rule(path))
}

/// The text of a file of the build folder itself: a link would lead out of the folder, and none is
/// published either.
fn read_own_text(path: &Path) -> Result<Option<String>, ScanError> {
    let refuse = |problem| ScanError::Text { path: path.to_path_buf(), problem };
    match entry_at(path).map_err(ScanError::io(path))? {
        Entry::Missing => Ok(None),
        Entry::Link => Err(refuse(TextProblem::Link)),
        Entry::Folder | Entry::Other => Err(refuse(TextProblem::NotAFile)),
        Entry::File(_) => match read_text(path) {
            Ok(text) => Ok(Some(text)),
            Err(TextError::Io(error)) => Err(ScanError::io(path)(error)),
            Err(TextError::Text(problem)) => Err(refuse(problem)),
        },
    }
}

/// Names that look like secrets.
pub(super) fn secret_rules(root: &Path) -> Result<Gitignore, ScanError> {
    rules(root, &SECRETS).and_then(|rules| rules.build()).map_err(refused_rule(root))
}
