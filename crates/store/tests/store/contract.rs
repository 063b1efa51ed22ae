//! What every store promises, tried on each of them.

use crate::behaviour::Suite;
use crate::buckets;
use naru_store::MemoryStore;

#[tokio::test]
async fn memory() {
    Suite::new(&MemoryStore::new(), "memory").run().await;
}

#[tokio::test]
async fn s3_of_the_local_cloud() {
    let bucket = buckets::local_cloud().await;
    Suite::new(&bucket.store(), "local").run().await;
}

/// Runs where an S3 server is named, for example `moto_server -H 127.0.0.1 -p 5000`.
#[tokio::test]
async fn s3_of_an_independent_server() {
    if let Some(bucket) = buckets::named_server().await {
        Suite::new(&bucket.store(), "named").run().await;
    }
}
