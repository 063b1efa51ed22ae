//! Buckets with versioning, made for one test.

use std::net::SocketAddr;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};
use naru_local_cloud::{Config, LocalCloud};
use naru_store::{S3Sizes, S3Store};

const MIB: u64 = 1024 * 1024;

/// A bucket and what keeps it alive.
pub struct Bucket {
    access_key: String,
    secret_key: String,
    endpoint: String,
    pub bucket: String,
    pub cloud: Option<(LocalCloud, tempfile::TempDir)>,
}

impl Bucket {
    /// The SDK's configuration, with another endpoint where a proxy stands before the server.
    pub fn sdk_config(&self, endpoint: &str) -> SdkConfig {
        let credentials = Credentials::new(&self.access_key, &self.secret_key, None, None, "test");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .endpoint_url(endpoint)
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .sleep_impl(aws_sdk_s3::config::SharedAsyncSleep::new(
                aws_smithy_async::rt::sleep::TokioSleep::new(),
            ))
            .build()
    }
}
