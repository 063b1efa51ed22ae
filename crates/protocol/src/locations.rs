//! Where the bytes of a release's files are in the store.

use serde::{Deserialize, Serialize};

use crate::{Digest, FileEntry, FormatError, Limits, Manifest};

/// The S3 version of each file of one manifest, in the manifest's order.
///
/// Apart from the manifest, because a manifest says *what* a release is and must be the same bytes
/// wherever the same tree is published, while version ids are given by the store
/// (docs/decisions/0001-manifest-without-locations.md).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Locations {
    format: u32,
    manifest: Digest,
    versions: Vec<String>,
}

impl Locations {
    /// Locations of the files of the manifest with this digest.
    pub fn new(manifest: Digest, versions: Vec<String>) -> Self {
        Self { format: 1, manifest, versions }
    }

    /// The files of the manifest that these locations belong to, each with its version.
    pub fn located<'a>(&'a self, manifest: &'a Manifest) -> impl Iterator<Item = (&'a FileEntry, &'a str)> {
        manifest.files().iter().zip(self.versions.iter().map(String::as_str))
    }

    /// The uncompressed bytes; refuses what a client would refuse.
    pub fn encode(&self) -> Result<Vec<u8>, FormatError> {
        let bytes = serde_json::to_vec(self).map_err(|error| FormatError::new("locations", error))?;
        check_length(&bytes)?;
        Ok(bytes)
    }

    /// Reads locations and holds them against the manifest that they belong to.
    pub fn decode(bytes: &[u8], manifest: &Manifest, digest: &Digest) -> Result<Self, FormatError> {
        let refuse = |problem: &str| FormatError::new("locations", problem);
        check_length(bytes)?;
        let locations: Self =
            serde_json::from_slice(bytes).map_err(|error| FormatError::new("locations", error))?;
        if locations.format != 1 {
            return Err(refuse("unknown format"));
        }
        if locations.manifest != *digest {
            return Err(refuse("belongs to another manifest"));
        }
        if locations.versions.len() != manifest.files().len() {
            return Err(refuse("not one version for each file"));
        }
        Ok(locations)
    }
}

fn check_length(bytes: &[u8]) -> Result<(), FormatError> {
    if bytes.len() as u64 > Limits::MANIFEST {
        return Err(FormatError::new("locations", "over 64 MiB"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_client_would_refuse_is_not_written() {
        let locations = |length: usize| Locations::new(Digest::of(b""), vec!["v".repeat(length)]);
        assert!(locations(1024).encode().is_ok());
        assert!(locations(Limits::MANIFEST as usize).encode().is_err(), "over the limit of decode");
    }
}
