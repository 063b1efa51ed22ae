//! What the studio's server says of its newest launcher: `latest.json`.

use std::collections::BTreeMap;

use naru_protocol::Endpoint;
use semver::Version;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::SelfUpdateError;

/// A newer launcher, as announced. None of this is trusted before the signature is verified.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Announcement {
    pub(crate) version: Version,
    pub(crate) url: Url,
    /// The text of minisign's file, in base64.
    pub(crate) signature: String,
    /// The whole document, for the installing step.
    pub(crate) document: Value,
}

#[derive(Deserialize)]
struct Document {
    version: String,
    platforms: BTreeMap<String, Platform>,
}

#[derive(Deserialize)]
struct Platform {
    url: Url,
    signature: String,
}

impl Announcement {
    /// Reads the document; nothing where it offers nothing newer than `current` for this system.
    pub(crate) fn read(
        bytes: &[u8],
        current: &Version,
        target: &str,
    ) -> Result<Option<Self>, SelfUpdateError> {
        let document: Value = serde_json::from_slice(bytes).map_err(SelfUpdateError::Document)?;
        let read: Document = serde_json::from_value(document.clone()).map_err(SelfUpdateError::Document)?;
        let version = Version::parse(read.version.trim_start_matches('v'))
            .map_err(|problem| SelfUpdateError::Version { version: read.version.clone(), problem })?;
        // Rollback attack: an older package with a valid signature brings back old bugs.
        if version <= *current {
            return Ok(None);
        }
        let Some(platform) = read.platforms.get(target) else {
            return Ok(None);
        };
        if let Err(problem) = Endpoint::try_from(platform.url.clone()) {
            return Err(SelfUpdateError::Address { problem });
        }
        let (url, signature) = (platform.url.clone(), platform.signature.clone());
        Ok(Some(Self { version, url, signature, document }))
    }

    /// The name under which it is kept. What is announced anew under the same number is another file.
    pub(crate) fn file_name(&self) -> String {
        let digest = blake3::hash(format!("{} {}", self.version, self.signature).as_bytes());
        format!("{}-{}", self.version, &digest.to_hex()[..16])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(version: &str) -> Result<Option<Announcement>, SelfUpdateError> {
        let platform = |url: &str| serde_json::json!({ "url": url, "signature": "c2ln" });
        let document = serde_json::json!({
            "version": version,
            "platforms": {
                "linux-x86_64-rpm": platform("https://example.com/a.rpm"),
                "linux-x86_64-deb": platform("https://example.com/a.deb"),
            },
        });
        Announcement::read(document.to_string().as_bytes(), &Version::new(1, 2, 3), "linux-x86_64-deb")
    }

    #[test]
    fn a_newer_launcher_is_taken_and_no_other() {
        let newer = read("v1.10.0").expect("a good document").expect("1.10 is newer than 1.2");
        assert_eq!(newer.url.as_str(), "https://example.com/a.deb", "the kind of package that is installed");
        for version in ["1.2.3", "1.2.2", "0.9.0", "1.2.3-beta.1"] {
            assert_eq!(read(version).expect("a good document"), None, "{version} would be a step back");
        }
        assert!(
            matches!(read("latest"), Err(SelfUpdateError::Version { .. })),
            "what can't be compared is refused"
        );
    }

    #[test]
    fn a_package_of_another_system_is_not_for_us() {
        let document = br#"{"version":"2.0.0","platforms":{"darwin-aarch64":{"url":"https://example.com/a","signature":""}}}"#;
        let found = Announcement::read(document, &Version::new(1, 0, 0), "linux-x86_64-deb");
        assert_eq!(found.expect("a good document"), None);
    }

    #[test]
    fn a_package_travels_over_tls() {
        let document =
            br#"{"version":"2.0.0","platforms":{"x":{"url":"http://example.com/a","signature":""}}}"#;
        let refused = Announcement::read(document, &Version::new(1, 0, 0), "x");
        assert!(matches!(refused, Err(SelfUpdateError::Address { .. })), "who listens learns what runs here");
    }
}
