//! The names of all objects in the bucket.

use crate::{Channel, Digest, RelPath};

/// Object keys under one upload prefix.
#[derive(Debug, Clone)]
pub struct Keys {
    prefix: String,
}

impl Keys {
    /// Keys under `prefix` (2017: `uploadprefix`, default `update`); slashes at its ends are ignored.
    pub fn new(prefix: &str) -> Self {
        let trimmed = prefix.trim_matches('/');
        let prefix = if trimmed.is_empty() { String::new() } else { format!("{trimmed}/") };
        Self { prefix }
    }

    /// The prefix with its closing slash, or nothing.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The pointer of a channel: the only mutable key.
    pub fn pointer(&self, channel: &Channel) -> String {
        if channel.is_live() {
            format!("{}version.json", self.prefix)
        } else {
            format!("{}.naru/channel/{channel}/version.json", self.prefix)
        }
    }

    /// The 2017 file list.
    pub fn filedb_2017(&self) -> String {
        format!("{}filedb.db", self.prefix)
    }

    /// One file of the build.
    pub fn file(&self, path: &RelPath) -> String {
        format!("{}{path}", self.prefix)
    }

    /// A file of a 2017 release, by the name that its list gives it.
    pub fn file_2017(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// A manifest, by the digest of its uncompressed bytes.
    pub fn manifest(&self, digest: &Digest) -> String {
        format!("{}.naru/manifest/{digest}", self.prefix)
    }

    /// A locations document, by the digest of its uncompressed bytes.
    pub fn locations(&self, digest: &Digest) -> String {
        format!("{}.naru/locations/{digest}", self.prefix)
    }

    /// The object on which conditional writes are tried before they are relied on.
    pub fn probe(&self) -> String {
        format!("{}.naru/probe", self.prefix)
    }
}
