//! An embedded cloud in this process, whose counts the tests read.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::Builder;
use naru_local_cloud::{Config, Counters, LocalCloud};
use naru_store::{CloudFrontInvalidator, EdgeOptions, EdgeStore, ObjectRef, ReadStore, S3Store, WriteStore};
use naru_testkit::ChaosProxy;
use tokio::runtime::Runtime;

use crate::Naru;

/// A cloud with its own threads.
pub struct Cloud {
    cloud: Option<LocalCloud>,
    runtime: Runtime,
}

impl Cloud {
    /// Starts on a data folder; invalidations are done at once.
    pub fn start(data: &Path) -> Self {
        let runtime = Runtime::new().unwrap();
        let mut config = Config::new(data);
        config.invalidation_time = Duration::ZERO;
        config.behind_proxies = true;
        let cloud = runtime.block_on(LocalCloud::start(config)).unwrap();
        Self { cloud: Some(cloud), runtime }
    }

    fn cloud(&self) -> &LocalCloud {
        self.cloud.as_ref().unwrap()
    }

    /// Where work that needs a runtime is done.
    pub fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// What has been asked of it so far.
    pub fn counters(&self) -> Counters {
        self.cloud().counters()
    }

    /// The edge's URL.
    pub fn edge_url(&self) -> String {
        self.cloud().endpoints().edge_url.clone()
    }

    /// The S3 endpoint's URL.
    pub fn s3_url(&self) -> String {
        self.cloud().endpoints().s3_url.clone()
    }

    /// A proxy in front of the edge.
    pub fn edge_proxy(&self) -> ChaosProxy {
        self.proxy(&self.edge_url())
    }

    /// A proxy in front of the S3 endpoint.
    pub fn s3_proxy(&self) -> ChaosProxy {
        self.proxy(&self.s3_url())
    }

    fn proxy(&self, url: &str) -> ChaosProxy {
        let address = url.trim_start_matches("http://").trim_end_matches('/').parse().unwrap();
        self.runtime.block_on(ChaosProxy::start(address))
    }

    /// A `naru` that publishes to and updates from this cloud.
    pub fn naru(&self, home: &Path) -> Naru {
        let (at, keys) = (self.cloud().endpoints(), self.cloud().publisher());
        let variables = [
            ("AWS_ENDPOINT_URL_S3", at.s3_url.clone()),
            ("AWS_ENDPOINT_URL_CLOUDFRONT", at.control_url.clone()),
            ("AWS_ACCESS_KEY_ID", keys.access_key_id.clone()),
            ("AWS_SECRET_ACCESS_KEY", keys.secret_access_key.clone()),
            ("AWS_REGION", at.region.clone()),
            ("NARU_BUCKET", at.bucket.clone()),
            ("NARU_EDGE_URL", at.edge_url.clone()),
            ("NARU_DISTRIBUTION", at.distribution.clone()),
        ];
        Naru::new(home, &variables)
    }

    /// The edge as a store.
    pub fn edge(&self) -> Arc<EdgeStore> {
        Arc::new(EdgeStore::new(&self.edge_url(), EdgeOptions::default()).unwrap())
    }

    /// The newest bytes of an object, as the edge has them.
    pub fn read(&self, key: &str) -> Vec<u8> {
        let edge = self.edge();
        self.runtime.block_on(edge.read(&ObjectRef::newest(key), 1 << 30)).unwrap().to_vec()
    }

    /// The bucket as a store.
    pub fn bucket(&self) -> Arc<S3Store> {
        let at = self.cloud().endpoints();
        Arc::new(S3Store::new(&self.sdk(&at.s3_url), &at.bucket))
    }

    /// Deletes every key below a prefix, as `aws s3 rm --recursive` does; the versions stay.
    pub async fn delete_below(&self, prefix: &str) {
        let (client, bucket) = self.client();
        for object in self.bucket().list(prefix).await.unwrap() {
            client.delete_object().bucket(bucket).key(object.key).send().await.unwrap();
        }
    }

    /// Deletes the oldest version of a key, as a lifecycle rule does.
    pub async fn delete_oldest(&self, key: &str) {
        let (client, bucket) = self.client();
        let versions = self.bucket().versions(key).await.unwrap();
        let oldest = &versions.last().unwrap().version;
        client.delete_object().bucket(bucket).key(key).version_id(oldest).send().await.unwrap();
    }

    /// The media type of an object and how long caches may keep it.
    pub async fn headers(&self, object: &ObjectRef) -> String {
        let (client, bucket) = self.client();
        let head = client.head_object().bucket(bucket).key(&object.key);
        let head = head.set_version_id(object.version.clone()).send().await.unwrap();
        format!("{}; {}", head.content_type.unwrap_or_default(), head.cache_control.unwrap_or_default())
    }

    /// AWS's own client, and the bucket's name.
    fn client(&self) -> (Client, &str) {
        let at = self.cloud().endpoints();
        let sdk = Builder::from(&self.sdk(&at.s3_url)).force_path_style(true).build();
        (Client::from_conf(sdk), &at.bucket)
    }

    /// What tells the edge of a new release.
    pub fn invalidator(&self) -> Arc<CloudFrontInvalidator> {
        let at = self.cloud().endpoints();
        let invalidator = CloudFrontInvalidator::new(&self.sdk(&at.control_url), &at.distribution);
        Arc::new(invalidator.with_poll_interval(Duration::from_millis(5)))
    }

    fn sdk(&self, url: &str) -> SdkConfig {
        let (at, keys) = (self.cloud().endpoints(), self.cloud().publisher());
        let keys = Credentials::new(&keys.access_key_id, &keys.secret_access_key, None, None, "test");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(at.region.clone()))
            .endpoint_url(url)
            .credentials_provider(SharedCredentialsProvider::new(keys))
            .build()
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        if let Some(cloud) = self.cloud.take() {
            // Skips the grace period for open connections, which no test needs.
            let _entered = self.runtime.enter();
            drop(cloud);
        }
    }
}
