//! Listings of keys and of versions.

use super::S3Store;
use crate::sdk_failure::classify;
use crate::{Listed, ObjectVersion, StoreError};

impl S3Store {
    pub(super) async fn list_objects(&self, prefix: &str) -> Result<Vec<Listed>, StoreError> {
        let request = self.client.list_objects_v2().bucket(&self.bucket).prefix(prefix);
        let mut pages = request.into_paginator().send();
        let mut listed = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| classify("list", prefix, error))?;
            listed.extend(page.contents.into_iter().flatten().map(|object| Listed {
                key: object.key.unwrap_or_default(),
                length: unsigned(object.size),
                etag: object.e_tag.unwrap_or_default(),
            }));
        }
        Ok(listed)
    }

    pub(super) async fn list_versions(&self, key: &str) -> Result<Vec<ObjectVersion>, StoreError> {
        let request = self.client.list_object_versions().bucket(&self.bucket).prefix(key);
        let (mut key_marker, mut version_marker) = (None, None);
        let mut versions = Vec::new();
        loop {
            let page = request.clone().set_key_marker(key_marker).set_version_id_marker(version_marker);
            let page = page.send().await.map_err(|error| classify("list", key, error))?;
            let of_key =
                page.versions.into_iter().flatten().filter(|version| version.key.as_deref() == Some(key));
            versions.extend(of_key.map(|version| ObjectVersion {
                version: version.version_id.unwrap_or_default(),
                length: unsigned(version.size),
                newest: version.is_latest == Some(true),
            }));
            // Keys come in order, and `key` is the first that begins with itself.
            if page.is_truncated != Some(true) || page.next_key_marker.as_deref() != Some(key) {
                return Ok(versions);
            }
            (key_marker, version_marker) = (page.next_key_marker, page.next_version_id_marker);
        }
    }
}

fn unsigned(size: Option<i64>) -> u64 {
    size.and_then(|size| u64::try_from(size).ok()).unwrap_or(0)
}
