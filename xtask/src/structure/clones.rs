//! Code that stands twice: the same tokens in a row, at two places.
//!
//! Texts and numbers count as equal, whatever they say; names do not. Declarations of `use`, attributes, comments
//! and test code are left out: they are alike in all files.

use std::collections::HashMap;

use super::sources::{File, Package};
use super::tokens::{Kind, steps};

/// This many tokens in a row are no coincidence: five to eight lines.
pub const LONG: usize = 60;

/// Enough to look at where two packages should share work: three or four lines.
pub const SHORT: usize = 30;

/// A stretch of code that stands somewhere else too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// The file and the first line of the stretch.
    pub here: (String, usize),
    /// Where it stands first.
    pub first: (String, usize),
    /// How long it is.
    pub tokens: usize,
}

/// One file's tokens as they are compared.
struct Text<'a> {
    path: &'a str,
    tokens: Vec<(&'a str, usize)>,
}

/// The copies within some packages. Each stretch is reported once, beside the place where it stands first.
pub fn copies_within(packages: &[&Package], window: usize) -> Vec<Copy> {
    let texts: Vec<Text<'_>> = packages.iter().flat_map(|package| package.code()).map(text).collect();
    Search { window, known: &texts, searched: &texts, is_same: true }.copies()
}

/// The stretches of one package that stand in another one too.
pub fn copies_between(one: &Package, other: &Package, window: usize) -> Vec<Copy> {
    let [known, searched] = [one, other].map(|package| package.code().map(text).collect::<Vec<_>>());
    Search { window, known: &known, searched: &searched, is_same: false }.copies()
}

fn text(file: &File) -> Text<'_> {
    let tokens = steps(&file.parts.code).into_iter();
    let tokens = tokens
        .map(|token| (if token.kind == Kind::Literal { "\"\"" } else { token.text.as_str() }, token.line))
        .collect();
    Text { path: &file.path, tokens }
}

/// A place in some texts: which one, and which token.
type Place = (usize, usize);

/// Stretches of `searched` that stand in `known`.
struct Search<'a> {
    /// How long a stretch is at least.
    window: usize,
    known: &'a [Text<'a>],
    searched: &'a [Text<'a>],
    /// Whether both are the same texts, in which each stretch stands at least once.
    is_same: bool,
}

impl Search<'_> {
    fn copies(&self) -> Vec<Copy> {
        let mut first: HashMap<u64, Place> = HashMap::new();
        for (number, text) in self.known.iter().enumerate() {
            for (at, hash) in text.hashes(self.window).into_iter().enumerate() {
                first.entry(hash).or_insert((number, at));
            }
        }
        let mut found = Vec::new();
        for (number, text) in self.searched.iter().enumerate() {
            let mut next = 0;
            for (at, hash) in text.hashes(self.window).into_iter().enumerate() {
                let elsewhere = first.get(&hash).copied().filter(|_| at >= next);
                let tokens = elsewhere.map_or(0, |place| self.shared((number, at), place));
                if let Some((other, begin)) = elsewhere.filter(|_| tokens >= self.window) {
                    found.push(Copy { here: text.place(at), first: self.known[other].place(begin), tokens });
                    next = at + tokens;
                }
            }
        }
        found
    }

    /// How many tokens a place of `searched` and one of `known` have in common.
    fn shared(&self, here: Place, there: Place) -> usize {
        let pairs = self.searched[here.0].tokens[here.1..].iter().zip(&self.known[there.0].tokens[there.1..]);
        let shared = pairs.take_while(|(one, other)| one.0 == other.0).count();
        // In a table of equal rows a stretch would overlap with itself.
        if self.is_same && here.0 == there.0 { shared.min(here.1 - there.1) } else { shared }
    }
}

impl Text<'_> {
    /// A number for each window. The one of the next window follows from it in one step: a polynomial over the
    /// tokens loses its first term and gets a last one.
    fn hashes(&self, window: usize) -> Vec<u64> {
        let numbers: Vec<u64> = self.tokens.iter().map(|(token, _)| number(token)).collect();
        let leaving = (1..window).fold(1_u64, |power, _| power.wrapping_mul(BASE));
        let mut hash = 0_u64;
        let mut hashes = Vec::new();
        for (at, number) in numbers.iter().enumerate() {
            if let Some(first) = at.checked_sub(window) {
                hash = hash.wrapping_sub(numbers[first].wrapping_mul(leaving));
            }
            hash = hash.wrapping_mul(BASE).wrapping_add(*number);
            if at + 1 >= window {
                hashes.push(hash);
            }
        }
        hashes
    }

    fn place(&self, at: usize) -> (String, usize) {
        (self.path.to_owned(), self.tokens[at].1)
    }
}

/// Any odd number that is large enough.
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

fn number(token: &str) -> u64 {
    token.bytes().fold(1, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

#[cfg(test)]
mod tests {
    use super::super::tokens::{parts, tokens};
    use super::*;

    fn package(name: &str, text: &str) -> Package {
        let path = format!("crates/{name}/src/lib.rs");
        Package::of(
            &format!("crates/{name}"),
            vec![File { path, parts: parts(tokens(text)), is_test: false }],
        )
    }

    /// A function of more tokens than are compared.
    fn function(name: &str, text: &str) -> String {
        let steps: String = (0..15).map(|step| format!("    step{step}(\"{text}\");\n")).collect();
        format!("fn {name}() {{\n{steps}}}\n")
    }

    #[test]
    fn a_function_that_was_copied_is_found_with_its_place() {
        let one = package("one", &function("a", "x"));
        let other = package("other", &format!("fn before() {{}}\n{}", function("b", "y")));
        let copies = copies_between(&one, &other, LONG);
        assert_eq!(copies.len(), 1, "other texts and another name hide no copy: {copies:?}");
        assert_eq!(copies[0].here, ("crates/other/src/lib.rs".to_owned(), 2));
        assert!(copies[0].tokens > LONG);
        assert_eq!(copies_within(&[&one, &other], LONG).len(), 1);
        assert_eq!(copies_within(&[&one], LONG), [], "a stretch is no copy of itself");
    }
}
