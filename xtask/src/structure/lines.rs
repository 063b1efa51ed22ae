//! How long the code is, and how much of it is said beside its steps.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

use super::sources::{Package, files_below};
use super::tokens::{Kind, Token, closing};

/// Lines of one kind of code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lines {
    /// Lines with code on them, without test code.
    pub code: usize,
    /// Lines with a comment inside a function, which give a reason for a step.
    pub reasons: usize,
    /// `.zip(` in them.
    pub zips: usize,
}

/// Counts a package's own code.
pub fn of_package(package: &Package) -> Lines {
    package.code().map(|file| of_tokens(&file.parts.code)).fold(Lines::default(), |sum, lines| Lines {
        code: sum.code + lines.code,
        reasons: sum.reasons + lines.reasons,
        zips: sum.zips + lines.zips,
    })
}

fn of_tokens(tokens: &[Token]) -> Lines {
    let is_code = |token: &&Token| token.kind != Kind::Comment;
    let code: BTreeSet<usize> = tokens.iter().filter(is_code).map(|token| token.line).collect();
    let mut reasons: BTreeSet<usize> = BTreeSet::new();
    let mut at = 0;
    while at < tokens.len() {
        match body(tokens, at) {
            Some((open, end)) => {
                let inside = tokens[open..end].iter().filter(|token| token.kind == Kind::Comment);
                reasons.extend(inside.map(|token| token.line));
                at = end;
            }
            None => at += 1,
        }
    }
    let zips = tokens.windows(3).filter(|three| three[0].is(".") && three[1].is("zip") && three[2].is("("));
    Lines { code: code.len(), reasons: reasons.len(), zips: zips.count() }
}

/// The braces of the function that begins at `at`; a declaration has none.
fn body(tokens: &[Token], at: usize) -> Option<(usize, usize)> {
    if !tokens[at].is("fn") || tokens.get(at + 1)?.kind != Kind::Word {
        return None;
    }
    let mut open = at;
    while !tokens.get(open)?.is("{") {
        if tokens[open].is(";") {
            return None;
        }
        open =
            if tokens[open].is("(") || tokens[open].is("[") { closing(tokens, open) + 1 } else { open + 1 };
    }
    Some((open, closing(tokens, open)))
}

/// Lines of the page's code, without empty ones and comments.
pub fn of_page(root: &Path) -> Result<usize> {
    let is_code = |line: &&str| {
        let line = line.trim_start();
        !line.is_empty() && !["//", "/*", "*", "<!--"].iter().any(|comment| line.starts_with(comment))
    };
    let mut count = 0;
    for file in files_below(&root.join("ui/src"), &["ts", "svelte", "js", "mjs"])? {
        count += std::fs::read_to_string(file)?.lines().filter(is_code).count();
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokens;
    use super::*;

    #[test]
    fn a_reason_stands_inside_a_function() {
        let source = "//! about\n// of the file\nuse a;\n/// about f\nfn f(a: [u8; 2]) -> B {\n\n    // why\n    \
                      g(); // and here\n    one.iter().zip(two);\n}\nconst C: u8 = 1;\n";
        assert_eq!(of_tokens(&tokens(source)), Lines { code: 6, reasons: 2, zips: 1 });
    }
}
