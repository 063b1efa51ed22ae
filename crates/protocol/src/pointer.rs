//! The pointer (`version.json`): which release a channel is at.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Digest, Envelope, FormatError, Limits};

/// A named line of releases.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Channel(String);

impl Channel {
    /// The channel that 2017 clients follow.
    pub fn live() -> Self {
        Self("live".into())
    }

    /// Whether this is `live`.
    pub fn is_live(&self) -> bool {
        self.0 == "live"
    }
}

impl FromStr for Channel {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, FormatError> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if text.is_empty() || text.len() > 32 || !text.bytes().all(allowed) {
            return Err(FormatError::new("channel", format!("`{text}`: 1 to 32 of a-z, 0-9 and `-`")));
        }
        Ok(Self(text.into()))
    }
}

impl TryFrom<String> for Channel {
    type Error = FormatError;

    fn try_from(text: String) -> Result<Self, FormatError> {
        text.parse()
    }
}

impl From<Channel> for String {
    fn from(channel: Channel) -> Self {
        channel.0
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a build runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Platform {
    /// Every system.
    #[serde(rename = "any")]
    Any,
    /// Windows on x86-64.
    #[serde(rename = "windows-x86_64")]
    WindowsX8664,
    /// macOS, both processors.
    #[serde(rename = "macos-universal")]
    MacosUniversal,
    /// Linux on x86-64.
    #[serde(rename = "linux-x86_64")]
    LinuxX8664,
}

/// An immutable document in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectId {
    /// BLAKE3 of its uncompressed bytes, which is also its name.
    pub digest: Digest,
    /// Length of its uncompressed bytes: decompression stops there.
    pub length: u64,
}

/// The manifest of one platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformManifest {
    /// For which systems.
    pub platform: Platform,
    /// What the release is.
    pub manifest: ObjectId,
    /// Where its bytes are.
    pub locations: ObjectId,
}

/// A published manifest with number, notes and date: the payload of the pointer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// Version of this format.
    pub format: u32,
    /// The channel of this pointer, so that it can't be used for another channel.
    pub channel: Channel,
    /// Raised only to recover from a stolen key; orders before `number`.
    pub epoch: u64,
    /// Release number: the same as `version` in `version.json`.
    pub number: u64,
    /// When it was published.
    pub issued_at: Timestamp,
    /// The release notes.
    pub notes: String,
    /// How many files the release has.
    pub files: u64,
    /// How many bytes they have.
    pub bytes: u64,
    /// The release whose content this one names again, after a rollback.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_of: Option<u64>,
    /// One manifest for each platform.
    pub manifests: Vec<PlatformManifest>,
}

impl Release {
    /// The manifest for a system: its own, or the one for every system.
    pub fn manifest_for(&self, platform: Platform) -> Option<&PlatformManifest> {
        let of = |wanted| self.manifests.iter().find(|entry| entry.platform == wanted);
        of(platform).or_else(|| of(Platform::Any))
    }
}

/// `version.json`: the three fields of 2017, and the release in an envelope where Naru published it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointer {
    /// Release number, for 2017 clients.
    pub version: u64,
    /// S3 version of `filedb.db`, for 2017 clients.
    pub filedb_version: String,
    /// `None` where the 2017 publisher wrote the pointer.
    pub release: Option<Release>,
}

#[derive(Serialize, Deserialize)]
struct Wire {
    version: u64,
    filedb: String,
    s3_versionid: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    naru: Option<Envelope>,
}

impl Pointer {
    /// The position of its release in the order of all: epoch, then number.
    pub fn order(&self) -> (u64, u64) {
        (self.release.as_ref().map_or(0, |release| release.epoch), self.version)
    }

    /// Reads a pointer.
    pub fn decode(bytes: &[u8]) -> Result<Self, FormatError> {
        if bytes.len() as u64 > Limits::POINTER {
            return Err(invalid("larger than 16 KiB"));
        }
        let wire: Wire = serde_json::from_slice(bytes).map_err(invalid)?;
        let release = match wire.naru {
            None => None,
            Some(envelope) => Some(serde_json::from_slice(&envelope.payload()?).map_err(invalid)?),
        };
        let pointer = Self { version: wire.version, filedb_version: wire.s3_versionid, release };
        pointer.check()?;
        Ok(pointer)
    }

    /// The release number of a pointer that is otherwise invalid, such as one of a newer format. 2017 clients
    /// read only this number, so a later release must have a higher one.
    pub fn number_in(bytes: &[u8]) -> Option<u64> {
        #[derive(Deserialize)]
        struct Numbered {
            version: u64,
        }
        let number = serde_json::from_slice::<Numbered>(bytes).ok()?.version;
        Limits::check_number(number).is_ok().then_some(number)
    }

    /// The bytes of `version.json`; refuses what a client would refuse.
    pub fn encode(&self) -> Result<Vec<u8>, FormatError> {
        self.check()?;
        let naru = match &self.release {
            None => None,
            Some(release) => Some(Envelope::unsigned(&serde_json::to_vec(release).map_err(invalid)?)),
        };
        let wire = Wire {
            version: self.version,
            filedb: "filedb.db".into(),
            s3_versionid: self.filedb_version.clone(),
            naru,
        };
        let bytes = serde_json::to_vec(&wire).map_err(invalid)?;
        if bytes.len() as u64 > Limits::POINTER {
            return Err(invalid("larger than 16 KiB: shorten the notes"));
        }
        Ok(bytes)
    }

    fn check(&self) -> Result<(), FormatError> {
        Limits::check_number(self.version).map_err(invalid)?;
        self.release.as_ref().map_or(Ok(()), |release| check_release(release, self.version))
    }
}

fn check_release(release: &Release, version: u64) -> Result<(), FormatError> {
    if release.format != 1 {
        return Err(invalid(format!("format {} is newer than this Naru", release.format)));
    }
    if release.number != version {
        let number = release.number;
        return Err(invalid(format!("names release {version} outside and {number} inside")));
    }
    let lengths = release.manifests.iter().flat_map(|m| [m.manifest.length, m.locations.length]);
    if lengths.into_iter().any(|length| length > Limits::MANIFEST) {
        return Err(invalid("names a manifest over 64 MiB"));
    }
    Ok(())
}

fn invalid(problem: impl fmt::Display) -> FormatError {
    FormatError::new("version.json", problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_2017_pointer_is_read_and_has_no_release() {
        let pointer = Pointer::decode(br#"{"version":3,"filedb":"filedb.db","s3_versionid":"abc"}"#)
            .expect("the 2017 form");
        assert_eq!((pointer.version, pointer.release), (3, None));
    }

    #[test]
    fn a_pointer_over_its_limit_is_not_parsed() {
        let endless =
            format!(r#"{{"version":3,"filedb":"filedb.db","s3_versionid":"{}"}}"#, "a".repeat(17 * 1024));
        assert!(Pointer::decode(endless.as_bytes()).is_err(), "endless data");
    }

    #[test]
    fn the_number_of_a_pointer_that_is_not_valid_counts_all_the_same() {
        let number = |text: &str| Pointer::number_in(text.as_bytes());
        assert_eq!(number(r#"{"version":7,"naru":{"payload":"a newer format"}}"#), Some(7));
        assert_eq!(number(r#"{"version":9007199254740993}"#), None, "no client can follow it");
        assert_eq!(number("<html>"), None);
    }

    #[test]
    fn a_number_that_has_no_successor_is_refused_in_both_directions() {
        let of = |version: u64| format!(r#"{{"version":{version},"filedb":"filedb.db","s3_versionid":"v"}}"#);
        assert!(Pointer::decode(of(Limits::NUMBER).as_bytes()).is_ok());
        for version in [Limits::NUMBER + 1, u64::MAX] {
            assert!(Pointer::decode(of(version).as_bytes()).is_err(), "{version}");
            let pointer = Pointer { version, filedb_version: "v".into(), release: None };
            assert!(pointer.encode().is_err(), "{version}");
        }
    }
}
