//! An independent S3 server, named by `NARU_TEST_S3_ENDPOINT`; a new bucket for each test.
//!
//! Not part of a plain `cargo test`: `cargo xtask test` starts moto and runs it.

use std::path::Path;
use std::sync::Arc;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::Builder;
use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};
use naru_store::S3Store;

use crate::world::Place;

pub async fn open(folder: &Path) -> Place {
    let endpoint = std::env::var("NARU_TEST_S3_ENDPOINT").expect("the address of an S3 server with versions");
    let sdk = sdk(&endpoint);
    let bucket = format!("naru-{}", &blake3::hash(folder.as_os_str().as_encoded_bytes()).to_hex()[..16]);
    let client = Client::from_conf(Builder::from(&sdk).force_path_style(true).build());
    create(&client, &bucket).await;
    let store = Arc::new(S3Store::new(&sdk, &bucket));
    let remove = crate::world::remove_from(client, bucket);
    Place { store: store.clone(), remove, edge: store, invalidator: None, _server: None }
}

fn sdk(endpoint: &str) -> SdkConfig {
    let keys = Credentials::new("test", "test", None, None, "test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(endpoint)
        .credentials_provider(SharedCredentialsProvider::new(keys))
        .build()
}

async fn create(client: &Client, bucket: &str) {
    client.create_bucket().bucket(bucket).send().await.unwrap();
    let versioning = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
    let request = client.put_bucket_versioning().bucket(bucket).versioning_configuration(versioning);
    request.send().await.unwrap();
}
