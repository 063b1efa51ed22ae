//! From the path of a URL to the key of an object.

use percent_encoding::percent_decode_str;

/// Decodes a path as S3 behind CloudFront does: `+` is a space, as in a form, and only `%2B` is a
/// plus. Clients that put keys into URLs without encoding them see it so too.
pub(super) fn decoded(path: &str) -> Option<String> {
    let path = path.strip_prefix('/').unwrap_or(path).replace('+', " ");
    percent_decode_str(&path).decode_utf8().ok().map(|path| path.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plus_is_a_space_unless_it_is_encoded() {
        assert_eq!(decoded("/a+b").as_deref(), Some("a b"));
        assert_eq!(decoded("/a%2Bb").as_deref(), Some("a+b"));
        assert_eq!(decoded("/a%20b/%EA%B0%80").as_deref(), Some("a b/가"));
        assert_eq!(decoded("/%FF"), None, "keys are UTF-8");
    }
}
