//! Publisher and player over the whole way: S3, the edge before it, and the edge's cache.

use std::time::Duration;

use crate::buckets;
use bytes::Bytes;
use naru_store::{
    CloudFrontInvalidator, EdgeOptions, EdgeStore, FailureKind, Invalidator, ObjectRef, PutOptions,
    ReadStore, UploadSource, WriteCondition, WriteStore,
};

/// CloudFront refuses a `~` that is not encoded.
const KEY: &str = "~games/cave/version.json";

async fn publish(store: &dyn WriteStore, key: &str, bytes: &'static str) -> String {
    let source = UploadSource::Bytes(Bytes::from_static(bytes.as_bytes()));
    let put = store.put(key, source, WriteCondition::None, PutOptions::default(), &()).await.unwrap();
    put.version.unwrap()
}

#[tokio::test]
async fn versions_are_read_through_the_edge() {
    let bucket = buckets::local_cloud().await;
    let endpoints = bucket.cloud.as_ref().unwrap().0.endpoints().clone();
    let edge = EdgeStore::new(&endpoints.edge_url, EdgeOptions::default()).unwrap();
    let key = "update/맵 1/a#b%c+d.pak";
    let store = bucket.store();
    let (old, new) = (publish(&store, key, "old bytes").await, publish(&store, key, "new").await);
    assert_eq!(edge.read(&ObjectRef::at(key, &old), 100).await.unwrap(), "old bytes");
    assert_eq!(edge.read(&ObjectRef::at(key, &new), 100).await.unwrap(), "new");
    let body = edge.open(&ObjectRef::at(key, &old), Some(4..9)).await.unwrap();
    assert_eq!((body.length, body.object_length), (Some(5), Some(9)));
    let stored = edge.stat(&ObjectRef::at(key, &old)).await.unwrap().unwrap();
    assert_eq!(stored.digest, store.stat(&ObjectRef::at(key, &old)).await.unwrap().unwrap().digest);
    let missing = edge.read(&ObjectRef::newest("update/none"), 100).await.unwrap_err();
    assert!(matches!(missing.kind, FailureKind::NotFound | FailureKind::Denied), "{missing}");
}

#[tokio::test]
async fn an_invalidation_ends_what_is_stale() {
    let bucket = buckets::local_cloud().await;
    let endpoints = bucket.cloud.as_ref().unwrap().0.endpoints().clone();
    let edge = EdgeStore::new(&endpoints.edge_url, EdgeOptions::default()).unwrap();
    let newest = ObjectRef::newest(KEY);
    publish(&bucket.store(), KEY, "one").await;
    assert_eq!(edge.read(&newest, 100).await.unwrap(), "one");
    publish(&bucket.store(), KEY, "two").await;
    assert_eq!(edge.read(&newest, 100).await.unwrap(), "one", "the edge does not know yet");

    let sdk_config = bucket.sdk_config(&endpoints.control_url);
    let invalidator = CloudFrontInvalidator::new(&sdk_config, &endpoints.distribution)
        .with_poll_interval(Duration::from_millis(100));
    let mut invalidation = invalidator.invalidate(KEY).await.unwrap();
    let other = invalidator.invalidate(KEY).await.unwrap();
    assert_ne!(invalidation.id, other.id, "each call makes a new invalidation");
    while !invalidation.completed {
        tokio::time::sleep(invalidator.poll_interval()).await;
        invalidation = invalidator.progress(&invalidation.id).await.unwrap();
    }
    assert_eq!(edge.read(&newest, 100).await.unwrap(), "two");

    let unknown = CloudFrontInvalidator::new(&sdk_config, "ENOSUCH").invalidate(KEY).await.unwrap_err();
    assert_eq!(unknown.kind, FailureKind::NotFound, "{unknown}");
}
