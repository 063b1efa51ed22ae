//! Content digests: BLAKE3 for everything of Naru, MD5 for the 2017 format only.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Text that is not the lower-case hex form of a digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {expected} lower-case hex digits")]
pub struct DigestError {
    /// The text as it came, cut to a length that fits a log line.
    pub text: String,
    /// How many digits there must be.
    pub expected: usize,
}

macro_rules! digest_type {
    ($(#[$doc:meta])* $name:ident, $length:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $length]);

        impl $name {
            /// Wraps the raw bytes of a digest.
            pub const fn from_bytes(bytes: [u8; $length]) -> Self {
                Self(bytes)
            }

            /// The raw bytes.
            pub const fn as_bytes(&self) -> &[u8; $length] {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = DigestError;

            fn from_str(text: &str) -> Result<Self, DigestError> {
                let refuse = || DigestError {
                    text: text.chars().take(80).collect(),
                    expected: 2 * $length,
                };
                // One spelling only: two spellings of one digest would be two keys in the bucket.
                if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
                    return Err(refuse());
                }
                let mut bytes = [0; $length];
                hex::decode_to_slice(text, &mut bytes).map_err(|_| refuse())?;
                Ok(Self(bytes))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                // On the stack: a manifest has one for each file and each piece.
                let mut text = [0; 2 * $length];
                hex::encode_to_slice(self.0, &mut text).map_err(|_| fmt::Error)?;
                f.write_str(str::from_utf8(&text).map_err(|_| fmt::Error)?)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{self}")
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

digest_type! {
    /// BLAKE3 of an object's or a file's bytes, 256 bits.
    Digest, 32
}
digest_type! {
    /// MD5 of a file's bytes: what the 2017 file list records. It finds damage, not attacks.
    Md5Digest, 16
}

impl Digest {
    /// Hashes bytes that are already in memory.
    pub fn of(bytes: &[u8]) -> Self {
        blake3::hash(bytes).into()
    }
}

impl From<blake3::Hash> for Digest {
    fn from(hash: blake3::Hash) -> Self {
        Self(*hash.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_has_one_spelling() {
        let digest = Digest::of(b"naru");
        let text = digest.to_string();
        assert_eq!(text.parse(), Ok(digest), "what we write we read");
        assert!(
            text.to_uppercase().parse::<Digest>().is_err(),
            "an upper-case form would be a second key for the same bytes"
        );
        assert!(text[1..].parse::<Digest>().is_err(), "too short");
    }
}
