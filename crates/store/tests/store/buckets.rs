//! Buckets with versioning, made for one test.

use std::net::SocketAddr;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::Builder;
use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};
use naru_local_cloud::{Config, LocalCloud};
use naru_store::S3Store;

/// A bucket and what keeps it alive.
pub struct Bucket {
    access_key: String,
    secret_key: String,
    region: String,
    endpoint: String,
    pub name: String,
    pub cloud: Option<(LocalCloud, tempfile::TempDir)>,
}

impl Bucket {
    pub fn store(&self) -> S3Store {
        self.store_behind(&self.endpoint)
    }

    /// The bucket through a proxy.
    pub fn store_behind(&self, endpoint: &str) -> S3Store {
        S3Store::new(&self.sdk_config(endpoint), &self.name)
    }

    pub fn sdk_config(&self, endpoint: &str) -> SdkConfig {
        let credentials = Credentials::new(&self.access_key, &self.secret_key, None, None, "test");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(self.region.clone()))
            .endpoint_url(endpoint)
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .build()
    }

    pub fn address(&self) -> SocketAddr {
        self.endpoint.strip_prefix("http://").unwrap().parse().unwrap()
    }

    pub fn client(&self) -> Client {
        let builder = Builder::from(&self.sdk_config(&self.endpoint));
        Client::from_conf(builder.force_path_style(true).build())
    }

    async fn create(&self) {
        let client = self.client();
        client.create_bucket().bucket(&self.name).send().await.unwrap();
        let enabled = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled);
        let request = client.put_bucket_versioning().bucket(&self.name);
        request.versioning_configuration(enabled.build()).send().await.unwrap();
    }
}

/// A local cloud with its bucket.
pub async fn local_cloud() -> Bucket {
    let folder = tempfile::tempdir().unwrap();
    // The tests put a faulty network in front of it, which has a port of its own.
    let config = Config { behind_proxies: true, ..Config::new(folder.path()) };
    let cloud = LocalCloud::start(config).await.unwrap();
    let (endpoints, publisher) = (cloud.endpoints().clone(), cloud.publisher().clone());
    Bucket {
        access_key: publisher.access_key_id,
        secret_key: publisher.secret_access_key,
        region: endpoints.region,
        endpoint: endpoints.s3_url,
        name: endpoints.bucket,
        cloud: Some((cloud, folder)),
    }
}

/// A new bucket on the server that `NARU_TEST_S3_ENDPOINT` names, where it does.
pub async fn named_server() -> Option<Bucket> {
    let bucket = Bucket {
        access_key: "test".to_owned(),
        secret_key: "test".to_owned(),
        region: "us-east-1".to_owned(),
        endpoint: std::env::var("NARU_TEST_S3_ENDPOINT").ok()?.trim_end_matches('/').to_owned(),
        name: format!("naru-{:016x}", fastrand::u64(..)),
        cloud: None,
    };
    bucket.create().await;
    Some(bucket)
}
