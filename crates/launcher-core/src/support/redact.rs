//! Blotting secrets out of a text.

const BLOT: &str = "…";

/// What a secret's value follows, in queries, headers and JSON.
const NAMES: [&str; 14] = [
    "authorization",
    "access_token",
    "accesstoken",
    "refresh_token",
    "id_token",
    "token",
    "code",
    "code_verifier",
    "state",
    "nonce",
    "password",
    "secret",
    "secretaccesskey",
    "sessiontoken",
];

/// The text without the known secrets, and without whatever else looks like a secret: JSON web tokens,
/// AWS keys, and the values of what is named like one.
pub(super) fn redact(text: &str, known: &[&str]) -> String {
    let known = known.iter().filter(|secret| !secret.is_empty());
    let text = known.fold(text.to_owned(), |text, secret| text.replace(secret, BLOT));
    let mut clean = String::with_capacity(text.len());
    let mut name = String::new();
    for word in words(&text) {
        let is_word = word.starts_with(is_part);
        if is_word && (is_secret(word) || NAMES.contains(&&*name)) {
            // `Bearer` names what follows it.
            if word.eq_ignore_ascii_case("bearer") || word.eq_ignore_ascii_case("basic") {
                clean.push_str(word);
            } else {
                clean.push_str(BLOT);
                name.clear();
            }
            continue;
        }
        clean.push_str(word);
        if is_word {
            name = word.to_ascii_lowercase();
            if name == "bearer" {
                name = "authorization".to_owned();
            }
        } else if !word.chars().all(is_binding) {
            name.clear();
        }
    }
    clean
}

/// Runs of characters of which secrets consist, and the text between them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = rest.find(|letter| is_part(letter) != is_part(first)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        rest = after;
        Some(word)
    })
}

fn is_part(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "-_.+/~%".contains(letter)
}

/// What may be between a name and its value.
fn is_binding(letter: char) -> bool {
    "=:\"' ".contains(letter)
}

fn is_secret(word: &str) -> bool {
    let is_web_token = word.starts_with("eyJ") && word.len() > 20;
    let is_key_id = (word.starts_with("AKIA") || word.starts_with("ASIA")) && word.len() >= 16;
    is_web_token || is_key_id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_and_sentences_stay() {
        for (text, clean) in [
            ("GET /x?code=abc123&state=def&page=2", "GET /x?code=…&state=…&page=2"),
            ("Authorization: Bearer eyJhbGciOiJSUzI1NiJ9.e30.sig next", "Authorization: Bearer … next"),
            (r#"{"token":"canary","player":"나루"}"#, r#"{"token":"…","player":"나루"}"#),
            ("key AKIAIOSFODNN7EXAMPLE was used", "key … was used"),
            ("a eyJhbGciOiJSUzI1NiJ9.e30.c2ln b", "a … b"),
            ("\"installed\": 4,\n  \"notes\": \"two\"", "\"installed\": 4,\n  \"notes\": \"two\""),
        ] {
            assert_eq!(redact(text, &[]), clean);
        }
    }

    #[test]
    fn secrets_that_are_known_go_wherever_they_stand() {
        assert_eq!(redact("xxcanaryxxbirdx", &["canary", "", "bird"]), "xx…xx…x");
    }
}
