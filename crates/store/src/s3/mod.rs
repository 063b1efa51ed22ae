//! S3 and what speaks its protocol.

mod attempts;
mod budget;
mod config;
mod copy;
mod listing;
mod multipart;
mod part_reader;
mod parts;
mod put;
mod reading;
mod uploads;

use std::ops::Range;

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_sdk_s3::Client;
use naru_protocol::Digest;

use budget::Budget;
pub(crate) use part_reader::{md5_of, read_checked};

use crate::network::own_endpoint;
use crate::{
    Backoff, Body, Listed, ObjectRef, Put, PutOptions, ReadStore, StoreError, Stored, UploadProgress,
    UploadSource, VersionMarker, VersionPage, WriteCondition, WriteStore,
};

const MIB: u64 = 1024 * 1024;

/// Where the ways of writing part.
#[derive(Debug, Clone, Copy)]
pub struct S3Sizes {
    /// The largest file that is read into memory and sent in one request, in bytes.
    pub single_put: u64,
    /// The least length of a part, in bytes; S3 takes nothing below 5 MiB.
    pub part: u64,
    /// The largest object that one request copies, in bytes; S3 allows 5 GiB.
    pub single_copy: u64,
    /// The length of a copied part, in bytes.
    pub copy_part: u64,
    /// What all uploads together hold of their files in memory, in bytes. Eight parts keep a fast
    /// line busy; more uploads than fit wait for their turn.
    pub memory: u64,
}

impl Default for S3Sizes {
    fn default() -> Self {
        Self {
            single_put: 8 * MIB,
            part: 8 * MIB,
            single_copy: 5 * 1024 * MIB,
            copy_part: 1024 * MIB,
            memory: 72 * MIB,
        }
    }
}

/// A bucket, through the AWS SDK.
#[derive(Debug)]
pub struct S3Store {
    client: Client,
    bucket: String,
    name: String,
    /// What stands before a key in a message.
    at: String,
    sizes: S3Sizes,
    budget: Budget,
    backoff: Backoff,
}

impl S3Store {
    /// A bucket with the credentials, region and endpoint of `sdk_config`. With an endpoint of its
    /// own the bucket is addressed in the path, because `bucket.localhost` resolves nowhere.
    pub fn new(sdk_config: &SdkConfig, bucket: &str) -> Self {
        let sizes = S3Sizes::default();
        let at = match own_endpoint(sdk_config) {
            Some(endpoint) => format!("{}/{bucket}/", endpoint.trim_end_matches('/')),
            None => format!("s3://{bucket}/"),
        };
        Self {
            client: Client::from_conf(config::build(sdk_config)),
            bucket: bucket.to_owned(),
            name: format!("s3://{bucket}"),
            at,
            sizes,
            budget: Budget::new(sizes.memory),
            backoff: Backoff::default(),
        }
    }

    /// The same store with other sizes.
    #[must_use]
    pub fn with_sizes(self, sizes: S3Sizes) -> Self {
        Self { sizes, budget: Budget::new(sizes.memory), ..self }
    }

    /// Every failure says which bucket it was, and behind which endpoint.
    fn here<T>(&self, answer: Result<T, StoreError>) -> Result<T, StoreError> {
        answer.map_err(|failure| failure.in_store(&self.at))
    }

    async fn put_source(
        &self,
        key: &str,
        source: UploadSource,
        condition: WriteCondition,
        options: PutOptions,
        progress: &dyn UploadProgress,
    ) -> Result<Put, StoreError> {
        match source {
            UploadSource::Bytes(bytes) => {
                let md5 = md5_of(&bytes);
                self.put_bytes(key, (bytes, md5), &condition, &options, progress).await
            }
            UploadSource::File { path, length, digest } => {
                let options = PutOptions { digest: options.digest.or(Some(digest)), ..options };
                if length <= self.sizes.single_put {
                    let _room = self.budget.take(length).await;
                    let checked = read_checked(key, path, length, digest).await?;
                    self.put_bytes(key, checked, &condition, &options, progress).await
                } else {
                    let file = multipart::LargeFile { key, path, length, digest };
                    self.put_in_parts(&file, &condition, &options, progress).await
                }
            }
        }
    }
}

#[async_trait]
impl ReadStore for S3Store {
    async fn open(&self, object: &ObjectRef, range: Option<Range<u64>>) -> Result<Body, StoreError> {
        self.here(self.open_object(object, range).await)
    }

    async fn stat(&self, object: &ObjectRef) -> Result<Option<Stored>, StoreError> {
        self.here(self.stat_object(object).await)
    }

    fn name(&self) -> &str {
        &self.name
    }
}

#[async_trait]
impl WriteStore for S3Store {
    async fn put(
        &self,
        key: &str,
        source: UploadSource,
        condition: WriteCondition,
        options: PutOptions,
        progress: &dyn UploadProgress,
    ) -> Result<Put, StoreError> {
        self.here(self.put_source(key, source, condition, options, progress).await)
    }

    async fn arrived_bytes(&self, key: &str, length: u64, digest: &Digest) -> Result<u64, StoreError> {
        if length <= self.sizes.single_put {
            return Ok(0);
        }
        self.here(self.arrived_in_parts(key, length, digest).await)
    }

    async fn copy(&self, from: &ObjectRef, key: &str, options: PutOptions) -> Result<Put, StoreError> {
        self.here(self.copy_object(from, key, &options).await)
    }

    async fn list(&self, prefix: &str) -> Result<Vec<Listed>, StoreError> {
        self.here(self.list_objects(prefix).await)
    }

    async fn version_page(
        &self,
        prefix: &str,
        after: Option<VersionMarker>,
    ) -> Result<VersionPage, StoreError> {
        self.here(self.list_version_page(prefix, after).await)
    }
}
