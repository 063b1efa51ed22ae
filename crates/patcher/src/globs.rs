//! Glob patterns of a manifest: which files belong to the player once they are there.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use naru_protocol::RelPath;

use crate::ScanError;

/// Patterns that are matched against a path, or against its last component where the pattern has
/// no `/` (as in gitignore).
#[derive(Debug)]
pub(crate) struct Globs(GlobSet);

impl Globs {
    pub(crate) fn new(patterns: &[String]) -> Result<Self, ScanError> {
        let mut set = GlobSetBuilder::new();
        for pattern in patterns {
            let refuse = |error: globset::Error| ScanError::Pattern {
                pattern: pattern.clone(),
                problem: error.kind().to_string(),
            };
            let anchored = if pattern.contains('/') { pattern.clone() } else { format!("**/{pattern}") };
            let glob = GlobBuilder::new(&anchored).literal_separator(true).build();
            set.add(glob.map_err(refuse)?);
        }
        let refuse = |error: globset::Error| ScanError::Pattern {
            pattern: patterns.join(" "),
            problem: error.kind().to_string(),
        };
        set.build().map(Self).map_err(refuse)
    }

    pub(crate) fn matches(&self, path: &RelPath) -> bool {
        !self.0.is_empty() && self.0.is_match(path.as_str())
    }
}

/// Refuses a pattern that no update would understand, or that no path could ever match: a release
/// with such a one would reach players who can't install it, or leave their files unprotected.
pub fn check_pattern(pattern: &str) -> Result<(), ScanError> {
    let problem = if pattern.is_empty() {
        "is empty"
    } else if pattern.starts_with('/') {
        "begins with `/`: patterns are below the build folder already"
    } else if pattern.contains('\\') {
        "has a `\\`: folders are separated by `/`"
    } else {
        return Globs::new(&[pattern.to_owned()]).map(drop);
    };
    Err(ScanError::Pattern { pattern: pattern.to_owned(), problem: problem.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_without_a_slash_matches_at_any_depth() {
        let globs = Globs::new(&["*.ini".into(), "saves/**".into()]).expect("valid patterns");
        let matches = |path: &str| globs.matches(&RelPath::parse(path).expect("valid path"));
        assert!(matches("a.ini") && matches("config/deep/b.ini"), "as in gitignore");
        assert!(matches("saves/1/slot.bin") && !matches("old/saves/1"), "a slash anchors the pattern");
    }

    #[test]
    fn a_pattern_that_can_not_work_is_refused() {
        for pattern in ["", "[x", "/abs", "..\\x", "saves/{a"] {
            assert!(check_pattern(pattern).is_err(), "{pattern:?} would protect nothing");
        }
        for pattern in ["*.ini", "saves/**", "도움말/*.txt", "[[]x]", "{a,b}.cfg"] {
            assert!(check_pattern(pattern).is_ok(), "{pattern:?}");
        }
    }
}
