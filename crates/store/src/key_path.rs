//! Object keys as paths of a URL.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but RFC 3986's unreserved characters. S3 signs paths in this spelling too, and a `+`
/// left as it is would be read as a space by servers that take a path for a form.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const RESERVED_BUT_SLASH: &AsciiSet = &RESERVED.remove(b'/');

/// A key with every segment percent-encoded; the slashes between them stay.
pub(crate) fn encode_key(key: &str) -> String {
    utf8_percent_encode(key, RESERVED_BUT_SLASH).to_string()
}

/// A value of a query, percent-encoded.
pub(crate) fn encode_value(value: &str) -> String {
    utf8_percent_encode(value, RESERVED).to_string()
}

/// What a path of an invalidation may not have in it as it is: all but ASCII, and what RFC 1738 calls
/// unsafe, `~` among it. CloudFront drops nothing for a path in which anything else is encoded.
/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-objects.html>
const UNSAFE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'<')
    .add(b'>')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'{')
    .add(b'}')
    .add(b'|')
    .add(b'\\')
    .add(b'^')
    .add(b'~')
    .add(b'[')
    .add(b']')
    .add(b'`')
    // It would begin a query.
    .add(b'?');

/// A key as the path of an invalidation.
pub(crate) fn encode_invalidation(key: &str) -> String {
    format!("/{}", utf8_percent_encode(key, UNSAFE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invalidation_encodes_what_cloudfront_asks_for_and_nothing_else() {
        assert_eq!(
            encode_invalidation("~studio/게임 1/version.json"),
            "/%7Estudio/%EA%B2%8C%EC%9E%84%201/version.json"
        );
        assert_eq!(encode_invalidation("a-b_c.d!$&'()+,;=:@/e"), "/a-b_c.d!$&'()+,;=:@/e");
        assert_eq!(encode_invalidation("a%b#c?d[e]"), "/a%25b%23c%3Fd%5Be%5D");
    }

    #[test]
    fn a_key_keeps_its_slashes_and_nothing_else() {
        assert_eq!(
            encode_key("update/맵 1/a#b%c+d?e&f.png"),
            "update/%EB%A7%B5%201/a%23b%25c%2Bd%3Fe%26f.png"
        );
        assert_eq!(encode_key("a-b_c.d~e"), "a-b_c.d~e", "unreserved characters have one spelling");
        assert_eq!(encode_value("a/b=c"), "a%2Fb%3Dc");
    }
}
