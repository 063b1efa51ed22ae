//! Where the bytes of a release's files are in the store.

use serde::{Deserialize, Serialize};

use crate::{Digest, FormatError, Limits, Manifest};

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

    /// The version ids, one for each file of the manifest.
    pub fn versions(&self) -> &[String] {
        &self.versions
    }

    /// The uncompressed bytes.
    pub fn encode(&self) -> Result<Vec<u8>, FormatError> {
        serde_json::to_vec(self).map_err(|error| FormatError::new("locations", error))
    }

    /// Reads locations and holds them against the manifest that they belong to.
    pub fn decode(bytes: &[u8], manifest: &Manifest, digest: &Digest) -> Result<Self, FormatError> {
        let refuse = |problem: &str| FormatError::new("locations", problem);
        if bytes.len() as u64 > Limits::MANIFEST {
            return Err(refuse("larger than the limit"));
        }
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
