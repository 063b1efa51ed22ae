//! Unfinished uploads that an earlier, killed process left.

use std::collections::HashMap;

use aws_sdk_s3::types;
use naru_protocol::Digest;

use super::S3Store;
use super::parts::Parts;
use crate::sdk_failure::classify;
use crate::{FailureKind, StoreError};

/// An upload in parts that has begun.
#[derive(Debug, Default)]
pub(super) struct Upload {
    pub id: String,
    /// What has arrived, by part number.
    pub arrived: HashMap<u64, types::Part>,
}

impl S3Store {
    /// The unfinished upload of a key that has most of these parts; `None` where none fits.
    ///
    /// A part's length says whose bytes it holds (see [`Parts::plan`]); its sums are compared later,
    /// when the part has been read.
    pub(super) async fn find_upload(&self, key: &str, parts: &Parts) -> Result<Option<Upload>, StoreError> {
        match self.largest_fitting_upload(key, parts).await {
            // Continuing saves bytes, no more: where the role or the store can't list them (moto
            // answers in a form that the SDK does not read), the upload just starts anew.
            Err(error) if error.kind != FailureKind::Retryable => Ok(None),
            answer => answer,
        }
    }

    /// Bytes of a file that an unfinished upload has.
    pub(super) async fn arrived_in_parts(
        &self,
        key: &str,
        length: u64,
        digest: &Digest,
    ) -> Result<u64, StoreError> {
        let parts = Parts::plan(key, length, digest, self.sizes.part)?;
        let found = self.find_upload(key, &parts).await?;
        Ok(found.map_or(0, |upload| upload.arrived.keys().map(|number| parts.length(*number)).sum()))
    }

    async fn largest_fitting_upload(&self, key: &str, parts: &Parts) -> Result<Option<Upload>, StoreError> {
        let mut best: Option<Upload> = None;
        for id in self.unfinished_uploads(key).await? {
            let arrived = self.arrived_parts(key, &id).await?;
            let fits =
                arrived.iter().all(|(number, part)| part.size == i64::try_from(parts.length(*number)).ok());
            if fits && arrived.len() > best.as_ref().map_or(0, |best| best.arrived.len()) {
                best = Some(Upload { id, arrived });
            }
        }
        Ok(best)
    }

    async fn unfinished_uploads(&self, key: &str) -> Result<Vec<String>, StoreError> {
        let mut ids = Vec::new();
        let request = self.client.list_multipart_uploads().bucket(&self.bucket).prefix(key);
        let (mut key_marker, mut id_marker) = (None, None);
        loop {
            let page = request.clone().set_key_marker(key_marker).set_upload_id_marker(id_marker);
            let page = page.send().await.map_err(|error| classify("put", key, error))?;
            let of_key =
                page.uploads.into_iter().flatten().filter(|upload| upload.key.as_deref() == Some(key));
            ids.extend(of_key.filter_map(|upload| upload.upload_id));
            // Keys come in order, so the first other one ends ours.
            if page.is_truncated != Some(true) || page.next_key_marker.as_deref() != Some(key) {
                return Ok(ids);
            }
            (key_marker, id_marker) = (page.next_key_marker, page.next_upload_id_marker);
        }
    }

    async fn arrived_parts(&self, key: &str, id: &str) -> Result<HashMap<u64, types::Part>, StoreError> {
        let request = self.client.list_parts().bucket(&self.bucket).key(key).upload_id(id);
        let mut pages = request.into_paginator().items().send();
        let mut arrived = HashMap::new();
        while let Some(part) = pages.next().await {
            let part = match part.map_err(|error| classify("put", key, error)) {
                Ok(part) => part,
                // It was finished or aborted since it was listed.
                Err(error) if error.is_not_found() => return Ok(HashMap::new()),
                Err(error) => return Err(error),
            };
            if let Some(number) = part.part_number.and_then(|number| u64::try_from(number).ok()) {
                arrived.insert(number, part);
            }
        }
        Ok(arrived)
    }

    /// Aborts an upload and deletes its parts, which cost money until then. Best effort: a lifecycle rule of
    /// the bucket removes the rest.
    pub(super) async fn abort_upload(&self, key: &str, id: &str) {
        let request = self.client.abort_multipart_upload().bucket(&self.bucket).key(key).upload_id(id);
        let _ = request.send().await;
    }
}
