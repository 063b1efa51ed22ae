//! Listings of keys and of versions.

use super::S3Store;
use crate::sdk_failure::classify;
use crate::{Listed, ObjectVersion, StoreError, VersionMarker, VersionPage};

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

    pub(super) async fn list_version_page(
        &self,
        prefix: &str,
        after: Option<VersionMarker>,
    ) -> Result<VersionPage, StoreError> {
        let (key, version) = after.map(|after| (after.key, after.version)).unzip();
        // S3 refuses an empty marker.
        let version = version.filter(|version: &String| !version.is_empty());
        let request = self.client.list_object_versions().bucket(&self.bucket).prefix(prefix);
        let request = request.set_key_marker(key).set_version_id_marker(version);
        let page = request.send().await.map_err(|error| classify("list", prefix, error))?;
        let versions = page.versions.into_iter().flatten().map(|version| {
            let listed = ObjectVersion {
                version: version.version_id.unwrap_or_default(),
                length: unsigned(version.size),
                newest: version.is_latest == Some(true),
            };
            (version.key.unwrap_or_default(), listed)
        });
        let next = page.next_key_marker.filter(|_| page.is_truncated == Some(true));
        let next =
            next.map(|key| VersionMarker { key, version: page.next_version_id_marker.unwrap_or_default() });
        Ok(VersionPage { versions: versions.collect(), next })
    }
}

fn unsigned(size: Option<i64>) -> u64 {
    size.and_then(|size| u64::try_from(size).ok()).unwrap_or(0)
}
