//! The embedded default, one server for each test.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::Builder;
use naru_local_cloud::{Config, LocalCloud};
use naru_store::{CloudFrontInvalidator, EdgeOptions, EdgeStore, S3Store};

use crate::world::Place;

pub async fn open(folder: &Path) -> Place {
    let mut config = Config::new(folder.join("cloud"));
    // Long enough that a forgotten wait would show as a stale pointer, short enough for a test.
    config.invalidation_time = Duration::from_millis(50);
    let cloud = LocalCloud::start(config).await.unwrap();
    let endpoints = cloud.endpoints().clone();
    let s3 = sdk(&cloud, &endpoints.s3_url);
    let client = Client::from_conf(Builder::from(&s3).force_path_style(true).build());
    let invalidator =
        CloudFrontInvalidator::new(&sdk(&cloud, &endpoints.control_url), &endpoints.distribution);
    Place {
        store: Arc::new(S3Store::new(&s3, &endpoints.bucket)),
        remove: crate::world::remove_from(client, endpoints.bucket.clone()),
        edge: Arc::new(EdgeStore::new(&endpoints.edge_url, EdgeOptions::default()).unwrap()),
        invalidator: Some(Arc::new(invalidator.with_poll_interval(Duration::from_millis(10)))),
        _server: Some(Box::new(cloud)),
    }
}

fn sdk(cloud: &LocalCloud, url: &str) -> SdkConfig {
    let keys = cloud.publisher();
    let keys = Credentials::new(&keys.access_key_id, &keys.secret_access_key, None, None, "test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(cloud.endpoints().region.clone()))
        .endpoint_url(url)
        .credentials_provider(SharedCredentialsProvider::new(keys))
        .build()
}
