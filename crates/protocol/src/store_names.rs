//! Names of bucket, region, prefix and distribution. They become parts of addresses, keys and signed headers,
//! so each has its own alphabet.

use serde::Deserialize;

/// A type for one kind of name, which holds what its rule allows.
macro_rules! name {
    ($(#[$about:meta])* $name:ident, $rule:path, $allowed:literal) => {
        $(#[$about])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl $name {
            /// What is allowed, for messages.
            pub const ALLOWED: &'static str = $allowed;

            /// Whether a text is one.
            pub fn is_valid(text: &str) -> bool {
                $rule(text)
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;

            fn try_from(text: String) -> Result<Self, String> {
                match $rule(&text) {
                    true => Ok(Self(text)),
                    false => Err(format!("{text:?} is not allowed: it takes {}", $allowed)),
                }
            }
        }
    };
}

name!(
    /// An S3 bucket, or the ARN of an access point.
    BucketName,
    is_bucket,
    "the name of a bucket alone, such as \"my-game-patches\" (no s3://, no slashes, no spaces)"
);
name!(
    /// An AWS region.
    RegionName,
    is_region,
    "a region, such as \"ap-northeast-2\""
);
name!(
    /// A CloudFront distribution.
    DistributionId,
    is_distribution,
    "the id of a distribution, such as \"E1234EXAMPLE\""
);
name!(
    /// What all keys in the bucket begin with; possibly empty.
    KeyPrefix,
    is_prefix,
    "parts of a key between slashes, such as \"update\" or \"games/cave\", without `.`, `..` and empty parts"
);

/// Letters, digits and a little more, as long as S3 ever allowed a name to be.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
fn is_bucket(text: &str) -> bool {
    let is_arn = text.starts_with("arn:") && has_only(text, ":/-_.");
    let is_name = has_only(text, "-_.") && text.starts_with(|first: char| first.is_ascii_alphanumeric());
    text.len() <= 255 && (is_arn || (is_name && !text.contains("..")))
}

/// The region is a part of host names and of the signature.
fn is_region(text: &str) -> bool {
    text.len() <= 63 && has_only(text, "-") && !text.starts_with('-') && !text.ends_with('-')
}

fn is_distribution(text: &str) -> bool {
    text.len() <= 64 && has_only(text, "-_")
}

/// Clients resolve `.` and `..` in an address, and would fetch a different object than the published one:
/// such a release could not be installed.
fn is_prefix(text: &str) -> bool {
    let inner = text.trim_matches('/');
    let is_part = |part: &str| {
        !part.is_empty() && part != "." && part != ".." && part.trim() == part && !part.contains(is_unsafe)
    };
    text.len() <= 255 && (inner.is_empty() || inner.split('/').all(is_part))
}

fn is_unsafe(letter: char) -> bool {
    letter == '\\' || letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}')
}

fn has_only(text: &str, others: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || others.contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_has_its_alphabet() {
        for (bucket, valid) in [
            ("my-game-patches", true),
            ("b", true),
            ("Old_Bucket.Name", true),
            ("arn:aws:s3:eu-west-1:123456789012:accesspoint/mine", true),
            ("s3://my-game-patches", false),
            ("my-game-patches/update", false),
            ("my game", false),
            ("my-game\n", false),
            ("..", false),
            ("버킷", false),
            ("", false),
        ] {
            assert_eq!(BucketName::is_valid(bucket), valid, "{bucket:?}");
        }
        for (region, valid) in [
            ("ap-northeast-2", true),
            ("r", true),
            ("us-east-1\n", false),
            (" us-east-1", false),
            ("서울", false),
            ("-", false),
            ("", false),
        ] {
            assert_eq!(RegionName::is_valid(region), valid, "{region:?}");
        }
        for (prefix, valid) in [
            ("update", true),
            ("", true),
            ("/games/cave/", true),
            ("게임/업데이트", true),
            ("../up", false),
            ("update/../x", false),
            ("./update", false),
            ("a//b", false),
            ("s3://bucket/update", false),
            ("a\\b", false),
            ("update\n", false),
            (" update", false),
        ] {
            assert_eq!(KeyPrefix::is_valid(prefix), valid, "{prefix:?}");
        }
        assert!(DistributionId::is_valid("E1234EXAMPLE"));
        assert!(!DistributionId::is_valid("E1234EXAMPLE\n") && !DistributionId::is_valid(""));
    }
}
