//! What a package offers to others, and how much of it anybody takes.

use std::collections::{BTreeSet, HashSet};

use super::modules::Modules;
use super::sources::{File, Package};
use super::tokens::{Kind, Token};

/// The names that a package offers, and who names them outside.
#[derive(Debug)]
pub struct Offer {
    /// All names: functions, types, traits and constants that a path from the package's root leads to.
    pub names: BTreeSet<String>,
    /// Those without a user outside.
    pub unused: BTreeSet<String>,
    /// Those that only tests use.
    pub by_tests_only: BTreeSet<String>,
}

/// The words of all files, for looking names up.
#[derive(Debug)]
pub struct Vocabulary<'a> {
    code: Vec<HashSet<&'a str>>,
    tests: Vec<HashSet<&'a str>>,
}

impl<'a> Vocabulary<'a> {
    /// Reads the words of all packages.
    pub fn of(packages: &'a [Package]) -> Self {
        let files = || packages.iter().flat_map(|package| &package.files);
        let in_code = |file: &'a File| (!file.is_test).then(|| words(&file.parts.code, &[]));
        let in_tests = |file: &'a File| match file.is_test {
            true => words(&file.parts.code, &file.parts.tests),
            // Tests inside a file see the names that the file takes in.
            false if file.parts.tests.is_empty() => HashSet::new(),
            false => words(&file.parts.code, &file.parts.tests),
        };
        Self { code: files().filter_map(in_code).collect(), tests: files().map(in_tests).collect() }
    }
}

fn words<'a>(code: &'a [Token], tests: &'a [Token]) -> HashSet<&'a str> {
    let words = code.iter().chain(tests).filter(|token| token.kind == Kind::Word);
    words.map(|token| token.text.as_str()).collect()
}

/// Holds what a package offers against all files. A file takes a name from outside if it has both the name and the
/// package's own name in it: inside, the package is called `crate`.
pub fn offer(package: &Package, vocabulary: &Vocabulary<'_>) -> Offer {
    let names = Modules::of(package).public_names();
    let taken = |files: &[HashSet<&str>]| -> BTreeSet<String> {
        let outside: Vec<_> = files.iter().filter(|words| words.contains(package.ident.as_str())).collect();
        names
            .iter()
            .filter(|name| outside.iter().any(|words| words.contains(name.as_str())))
            .cloned()
            .collect()
    };
    let (by_code, by_tests) = (taken(&vocabulary.code), taken(&vocabulary.tests));
    Offer { unused: &(&names - &by_code) - &by_tests, by_tests_only: &by_tests - &by_code, names }
}
