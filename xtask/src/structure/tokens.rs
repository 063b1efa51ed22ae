//! Rust source as tokens: enough to follow names and to compare code, without a compiler.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A name or a keyword.
    Word,
    /// A number, a text, a character.
    Literal,
    /// Punctuation; `::` is one token.
    Mark,
    /// A comment that gives a reason, not documentation.
    Comment,
}

/// One token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// As it is written; a comment without its text.
    pub text: String,
    /// What it is.
    pub kind: Kind,
    /// The line, from 1, that it begins on.
    pub line: usize,
}

impl Token {
    /// Whether it is this word or mark.
    pub fn is(&self, text: &str) -> bool {
        self.text == text && matches!(self.kind, Kind::Word | Kind::Mark)
    }
}

/// Reads a file. What no compiler would take is read as marks.
pub fn tokens(source: &str) -> Vec<Token> {
    let mut reader = Reader { rest: source, line: 1, tokens: Vec::new() };
    while !reader.rest.is_empty() {
        reader.step();
    }
    reader.tokens
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
    tokens: Vec<Token>,
}

impl Reader<'_> {
    fn step(&mut self) {
        let first = self.rest.chars().next().unwrap_or_default();
        if first.is_whitespace() {
            self.skip(first.len_utf8());
        } else if self.rest.starts_with("//") {
            self.line_comment();
        } else if self.rest.starts_with("/*") {
            let length = block_comment_length(self.rest);
            self.take(length, Kind::Comment);
        } else if let Some(length) = text_length(self.rest) {
            self.take(length, Kind::Literal);
        } else if first == '\'' {
            self.quote();
        } else if first.is_ascii_digit() {
            self.take(number_length(self.rest), Kind::Literal);
        } else if is_word(first) {
            self.take(word_length(self.rest), Kind::Word);
        } else {
            let length = if self.rest.starts_with("::") { 2 } else { first.len_utf8() };
            self.take(length, Kind::Mark);
        }
    }

    fn skip(&mut self, length: usize) {
        let (skipped, rest) = self.rest.split_at(length);
        self.line += skipped.matches('\n').count();
        self.rest = rest;
    }

    fn take(&mut self, length: usize, kind: Kind) {
        let text = if kind == Kind::Comment { "//" } else { &self.rest[..length] };
        self.tokens.push(Token { text: text.to_owned(), kind, line: self.line });
        self.skip(length);
    }

    /// Documentation is left out: it belongs to the item, not to the steps in it.
    fn line_comment(&mut self) {
        let length = self.rest.find('\n').unwrap_or(self.rest.len());
        let is_doc =
            self.rest.starts_with("//!") || (self.rest.starts_with("///") && !self.rest.starts_with("////"));
        if is_doc { self.skip(length) } else { self.take(length, Kind::Comment) }
    }

    /// A character, or the quote of a lifetime, whose name follows as a word.
    fn quote(&mut self) {
        let mut after = self.rest.char_indices().skip(1);
        let length = match (after.next(), after.next()) {
            (Some((_, '\\')), Some((escaped, _))) => {
                self.rest[escaped + 1..].find('\'').map_or(1, |end| escaped + end + 2)
            }
            (Some(_), Some((end, '\''))) => end + 1,
            _ => 1,
        };
        let kind = if length == 1 { Kind::Mark } else { Kind::Literal };
        self.take(length, kind);
    }
}

fn is_word(character: char) -> bool {
    character == '_' || character.is_alphanumeric()
}

fn word_length(text: &str) -> usize {
    let raw = if text.starts_with("r#") { 2 } else { 0 };
    text[raw..].find(|character| !is_word(character)).map_or(text.len(), |end| raw + end)
}

/// A dot belongs to a number only before a digit: `1.5`, but `1..2` and `1.max(2)`.
fn number_length(text: &str) -> usize {
    let end = word_length(text);
    let mut after = text[end..].chars();
    match (after.next(), after.next()) {
        (Some('.'), Some(digit)) if digit.is_ascii_digit() => end + 1 + word_length(&text[end + 1..]),
        _ => end,
    }
}

/// The length of a text, raw or not, with its prefix and its quotes.
fn text_length(text: &str) -> Option<usize> {
    let prefix = text.bytes().take_while(|byte| b"rbc".contains(byte)).count();
    if !["", "r", "b", "br", "c", "cr"].contains(&&text[..prefix]) {
        return None;
    }
    let hashes = text[prefix..].find(|character| character != '#')?;
    let open = prefix + hashes;
    if !text[open..].starts_with('"') || (hashes > 0 && !text[..prefix].ends_with('r')) {
        return None;
    }
    if text[..prefix].ends_with('r') {
        let close = format!("\"{}", "#".repeat(hashes));
        return text[open + 1..].find(&close).map(|end| open + 1 + end + close.len());
    }
    let mut is_escaped = false;
    for (at, character) in text[open + 1..].char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return Some(open + 2 + at),
            _ => {}
        }
    }
    None
}

/// Block comments nest.
fn block_comment_length(text: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < text.len() {
        match &text.as_bytes()[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// The index of the bracket that closes the one at `open`.
pub fn closing(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if token.kind != Kind::Mark {
            continue;
        }
        match token.text.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    tokens.len().saturating_sub(1)
}

/// Code and what only tests are built from, apart.
#[derive(Debug, Default)]
pub struct Parts {
    /// What users get.
    pub code: Vec<Token>,
    /// Items below `#[cfg(test)]`.
    pub tests: Vec<Token>,
}

/// Takes the items below `#[cfg(test)]` apart from the rest.
pub fn parts(tokens: Vec<Token>) -> Parts {
    let mut parts = Parts::default();
    let mut at = 0;
    while at < tokens.len() {
        match attribute_end(&tokens, at) {
            Some(end) if is_test_only(&tokens[at..=end]) => {
                let end = item_end(&tokens, end + 1);
                parts.tests.extend_from_slice(&tokens[at..=end]);
                at = end + 1;
            }
            _ => {
                parts.code.push(tokens[at].clone());
                at += 1;
            }
        }
    }
    parts
}

/// Where the attribute ends that begins at `at`, if one does.
pub fn attribute_end(tokens: &[Token], at: usize) -> Option<usize> {
    let opens = |at: usize| tokens.get(at).is_some_and(|token| token.is("["));
    let is_inner = tokens.get(at + 1).is_some_and(|token| token.is("!"));
    let open = at + 1 + usize::from(is_inner);
    (tokens[at].is("#") && opens(open)).then(|| closing(tokens, open))
}

/// The code itself: without `use` declarations, attributes and comments, which are alike in all files.
pub fn steps(tokens: &[Token]) -> Vec<&Token> {
    let (mut steps, mut at) = (Vec::new(), 0);
    while at < tokens.len() {
        if let Some(end) = attribute_end(tokens, at) {
            at = end + 1;
        } else if is_use(tokens, at) {
            at += tokens[at..].iter().take_while(|token| !token.is(";")).count() + 1;
        } else {
            steps.extend(Some(&tokens[at]).filter(|token| token.kind != Kind::Comment));
            at += 1;
        }
    }
    steps
}

/// Whether a declaration of `use` begins here; `use<'a>` is a part of a type.
pub fn is_use(tokens: &[Token], at: usize) -> bool {
    tokens[at].is("use") && tokens.get(at + 1).is_some_and(|next| !next.is("<"))
}

fn is_test_only(attribute: &[Token]) -> bool {
    let has = |word: &str| attribute.iter().any(|token| token.is(word));
    has("cfg") && has("test") && !has("not")
}

/// Where the item ends that begins at `at`, behind attributes of its own.
fn item_end(tokens: &[Token], mut at: usize) -> usize {
    while at < tokens.len() {
        if let Some(end) = attribute_end(tokens, at) {
            at = end + 1;
        } else if tokens[at].is(";") {
            return at;
        } else if tokens[at].is("{") {
            return closing(tokens, at);
        } else if tokens[at].is("(") || tokens[at].is("[") {
            at = closing(tokens, at) + 1;
        } else {
            at += 1;
        }
    }
    tokens.len() - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(source: &str) -> Vec<String> {
        let tokens = parts(tokens(source)).code;
        tokens.into_iter().filter(|token| token.kind != Kind::Comment).map(|token| token.text).collect()
    }

    #[test]
    fn texts_and_lifetimes_hide_no_code() {
        let source = r####"fn a<'x>(b: &'x str) { c("\"}", r#"" { "#, '{', '\'', b'"', 1..2, 1.5e3) }"####;
        let found = words(source);
        assert_eq!(
            found.iter().filter(|word| *word == "{").count(),
            1,
            "braces in texts are no braces: {found:?}"
        );
        assert_eq!(found.last().map(String::as_str), Some("}"), "the function is read to its end: {found:?}");
        assert!(found.contains(&"1.5e3".to_owned()) && found.contains(&"1".to_owned()), "{found:?}");
    }

    #[test]
    fn test_code_is_taken_apart() {
        let source = "fn a() {}\n#[cfg(test)]\n#[allow(x)]\nmod tests { fn b() { c[0]; } }\n#[cfg(not(test))] fn d() {}\n\
                      #[cfg(test)] mod more;\nfn e() {}";
        let found = words(source);
        for (word, is_code) in [("a", true), ("b", false), ("d", true), ("more", false), ("e", true)] {
            assert_eq!(found.contains(&word.to_owned()), is_code, "{word} in {found:?}");
        }
    }
}
