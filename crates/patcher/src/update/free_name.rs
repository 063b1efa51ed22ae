//! A name beside a file, for a second version of it.

use std::path::Path;

use naru_protocol::RelPath;

/// A name like `a/b.ini.new`, else `a/b.ini.new2` and so on, that nothing has in the folder and that
/// is not taken otherwise; `is_taken` gets its case key.
pub(crate) fn free_name(root: &Path, path: &str, suffix: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let is_free = |name: &String| {
        let key = RelPath::parse(name).map_or_else(|_| name.clone(), |path| path.case_key().into_owned());
        !is_taken(&key) && root.join(name).symlink_metadata().is_err()
    };
    candidates(path, suffix).find(is_free).unwrap_or_else(|| path.to_owned())
}

/// All names that a second version of a file may have, the best first.
pub(crate) fn candidates(path: &str, suffix: &str) -> impl Iterator<Item = String> {
    (1u64..).map(move |number| {
        let number = if number == 1 { String::new() } else { number.to_string() };
        let name = format!("{path}.{suffix}{number}");
        if RelPath::parse(&name).is_ok() { name } else { shorter(path, suffix, &number) }
    })
}

/// For a name that is as long as a name may be.
fn shorter(path: &str, suffix: &str, number: &str) -> String {
    let folder = path.rfind('/').map_or("", |at| &path[..=at]);
    format!("{folder}{suffix}{number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_free_name_is_neither_there_nor_coming() {
        let root = tempfile::tempdir().expect("a folder");
        std::fs::write(root.path().join("a.ini.old"), b"").expect("a file");
        let name = free_name(root.path(), "a.ini", "old", |key| key == "a.ini.old2");
        assert_eq!(name, "a.ini.old3", "one is there, one is a file of the release");
    }

    #[test]
    fn the_longest_name_has_a_second_one_too() {
        let longest = format!("d/{}", "n".repeat(255));
        let name = candidates(&longest, "old").next().expect("endless");
        assert!(RelPath::parse(&name).is_ok(), "{name}");
    }
}
