//! What can go wrong between a publisher and S3.

use std::ops::Range;

use crate::buckets;
use async_trait::async_trait;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use bytes::Bytes;
use futures::StreamExt;
use naru_protocol::Keys;
use naru_store::{
    Body, FailureKind, Listed, MemoryStore, ObjectRef, Put, PutOptions, ReadStore, S3Store, StoreError,
    Stored, UploadProgress, UploadSource, VersionMarker, VersionPage, WriteCondition, WriteStore,
};
use naru_testkit::{ChaosProxy, Fault, Nth, Rule};

const KEY: &str = "faults/version.json";

async fn put(store: &S3Store, bytes: &'static str, condition: WriteCondition) -> Result<Put, StoreError> {
    let source = UploadSource::Bytes(Bytes::from_static(bytes.as_bytes()));
    store.put(KEY, source, condition, PutOptions::default(), &()).await
}

#[tokio::test]
async fn a_write_whose_answer_was_lost_has_won() {
    let bucket = buckets::local_cloud().await;
    let proxy = ChaosProxy::start(bucket.address()).await;
    let store = bucket.store_behind(&proxy.url());
    proxy.inject(Rule::new(KEY, Nth::Only(1), Fault::DropAnswer).method("PUT"));
    let first = put(&store, "first", WriteCondition::Absent).await.unwrap();
    proxy.inject(Rule::new(KEY, Nth::Only(1), Fault::DropAnswer).method("PUT"));
    let second = put(&store, "second", WriteCondition::Matches(first.etag)).await.unwrap();
    assert_eq!(proxy.count("PUT", KEY), 4, "each was sent twice");
    let versions = store.versions(KEY).await.unwrap();
    assert_eq!(versions.len(), 2, "and written once");
    assert_eq!(Some(&versions[0].version), second.version.as_ref());
}

#[tokio::test]
async fn a_repeated_write_that_came_second_has_lost() {
    let bucket = buckets::local_cloud().await;
    let proxy = ChaosProxy::start(bucket.address()).await;
    let store = bucket.store_behind(&proxy.url());
    put(&store, "theirs", WriteCondition::None).await.unwrap();
    proxy.inject(Rule::new(KEY, Nth::Only(1), Fault::Status(503, vec![])).method("PUT"));
    let error = put(&store, "ours", WriteCondition::Absent).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Precondition, "{error}");
    assert_eq!(store.read(&ObjectRef::newest(KEY), 100).await.unwrap(), "theirs");
}

#[tokio::test]
async fn two_conditional_writes_that_meet_are_sent_again() {
    let bucket = buckets::local_cloud().await;
    let proxy = ChaosProxy::start(bucket.address()).await;
    let store = bucket.store_behind(&proxy.url());
    proxy.inject(Rule::new(KEY, Nth::First(2), Fault::Status(409, vec![])).method("PUT"));
    put(&store, "bytes", WriteCondition::Absent).await.unwrap();
    assert_eq!(proxy.count("PUT", KEY), 3);
}

#[tokio::test]
async fn failures_are_sorted() {
    let bucket = buckets::local_cloud().await;
    let proxy = ChaosProxy::start(bucket.address()).await;
    let store = bucket.store_behind(&proxy.url());
    put(&store, "bytes", WriteCondition::None).await.unwrap();
    let cases = [
        (Fault::Status(403, vec![]), FailureKind::Denied),
        (Fault::Status(412, vec![]), FailureKind::Precondition),
        (Fault::Status(501, vec![]), FailureKind::Unsupported),
        (Fault::TruncateAfter(2), FailureKind::Retryable),
        (Fault::ResetAfter(2), FailureKind::Retryable),
    ];
    for (fault, kind) in cases {
        proxy.clear();
        proxy.inject(Rule::new(KEY, Nth::Every, fault.clone()));
        let error = store.read(&ObjectRef::newest(KEY), 100).await.unwrap_err();
        assert_eq!(error.kind, kind, "{fault:?}: {error}");
    }
    proxy.clear();
    proxy.inject(Rule::new(KEY, Nth::Every, Fault::IgnoreRange));
    let whole = store.open(&ObjectRef::newest(KEY), Some(1..3)).await.err().unwrap();
    // The range is signed, so this server refuses; one that ignores it is caught by its answer.
    assert!(matches!(whole.kind, FailureKind::WrongKey | FailureKind::BadAnswer), "{whole}");
}

#[tokio::test]
async fn a_store_that_recovers_is_worth_the_wait() {
    let bucket = buckets::local_cloud().await;
    let proxy = ChaosProxy::start(bucket.address()).await;
    let store = bucket.store_behind(&proxy.url());
    proxy.inject(Rule::new(KEY, Nth::Only(1), Fault::Status(503, vec![])));
    proxy.inject(Rule::new(KEY, Nth::Only(2), Fault::DropRequest));
    put(&store, "bytes", WriteCondition::None).await.unwrap();
    assert_eq!(proxy.seen().len(), 3);
}

#[tokio::test]
async fn without_the_right_nothing_is_retried() {
    let bucket = buckets::local_cloud().await;
    let proxy = ChaosProxy::start(bucket.address()).await;
    let mut stranger = buckets::local_cloud().await;
    stranger.name = "no-such-bucket".to_owned();
    let missing = put(&stranger.store(), "bytes", WriteCondition::None).await.unwrap_err();
    assert_eq!(missing.kind, FailureKind::NoBucket, "{missing}");
    assert!(missing.to_string().contains("/no-such-bucket/"), "who reads it has to know which: {missing}");

    stranger.name = "Not_A_Name".to_owned();
    let impossible = put(&stranger.store(), "bytes", WriteCondition::None).await.unwrap_err();
    assert_eq!(impossible.kind, FailureKind::NoBucket, "no bucket can have this name: {impossible}");

    let nobody = aws_config::SdkConfig::builder()
        .behavior_version(aws_config::BehaviorVersion::latest())
        .region(aws_config::Region::new("us-east-1"))
        .endpoint_url(proxy.url())
        .build();
    let keyless = nobody.to_builder().credentials_provider(SharedCredentialsProvider::new(NoKeys)).build();
    for (config, kind) in [(nobody, FailureKind::Denied), (keyless, FailureKind::NoCredentials)] {
        proxy.clear();
        let store = S3Store::new(&config, "naru");
        let denied = put(&store, "bytes", WriteCondition::None).await.unwrap_err();
        assert_eq!(denied.kind, kind, "{denied}");
        assert!(proxy.seen().len() <= 1, "a refusal is no reason to ask again");
    }
}

/// A machine without credentials.
#[derive(Debug)]
struct NoKeys;

impl ProvideCredentials for NoKeys {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::ready(Err(CredentialsError::not_loaded_no_source()))
    }
}

/// A store that breaks one of the promises.
struct Careless {
    inner: MemoryStore,
    ignores_absent: bool,
    ignores_tags: bool,
    version: Option<&'static str>,
}

#[async_trait]
impl ReadStore for Careless {
    async fn open(&self, object: &ObjectRef, range: Option<Range<u64>>) -> Result<Body, StoreError> {
        self.inner.open(object, range).await
    }

    async fn stat(&self, object: &ObjectRef) -> Result<Option<Stored>, StoreError> {
        self.inner.stat(object).await
    }

    fn name(&self) -> &str {
        "careless"
    }
}

#[async_trait]
impl WriteStore for Careless {
    async fn put(
        &self,
        key: &str,
        source: UploadSource,
        condition: WriteCondition,
        options: PutOptions,
        progress: &dyn UploadProgress,
    ) -> Result<Put, StoreError> {
        let condition = match condition {
            WriteCondition::Absent if self.ignores_absent => WriteCondition::None,
            WriteCondition::Matches(_) if self.ignores_tags => WriteCondition::None,
            condition => condition,
        };
        let put = self.inner.put(key, source, condition, options, progress).await?;
        let version = self
            .version
            .map(|version| if version.is_empty() { put.version.unwrap() } else { version.to_owned() });
        Ok(Put { version, ..put })
    }

    async fn copy(&self, from: &ObjectRef, key: &str, options: PutOptions) -> Result<Put, StoreError> {
        self.inner.copy(from, key, options).await
    }

    async fn list(&self, prefix: &str) -> Result<Vec<Listed>, StoreError> {
        self.inner.list(prefix).await
    }

    async fn version_page(
        &self,
        prefix: &str,
        after: Option<VersionMarker>,
    ) -> Result<VersionPage, StoreError> {
        self.inner.version_page(prefix, after).await
    }
}

#[tokio::test]
async fn a_broken_promise_is_named() {
    let cases = [
        (true, false, Some(""), "`If-None-Match: *`"),
        (false, true, Some(""), "`If-Match`"),
        (false, false, None, "no version id"),
        (false, false, Some("null"), "`null`"),
    ];
    for (ignores_absent, ignores_tags, version, named) in cases {
        let store = Careless { inner: MemoryStore::new(), ignores_absent, ignores_tags, version };
        for run in ["on an empty store", "where the probe exists"] {
            let error = store.check_safety(&Keys::new("update")).await.unwrap_err();
            assert_eq!(error.kind, FailureKind::Unsupported);
            assert!(error.detail.contains(named), "{run}: {error}");
        }
    }
}

#[tokio::test]
async fn a_body_of_a_store_ends_where_it_should() {
    let bucket = buckets::local_cloud().await;
    let store = bucket.store();
    put(&store, "0123456789", WriteCondition::None).await.unwrap();
    let mut body = store.open(&ObjectRef::newest(KEY), Some(2..5)).await.unwrap();
    let piece = body.stream.next().await.unwrap().unwrap();
    assert_eq!(piece, "234");
    assert!(body.stream.next().await.is_none());
}

#[tokio::test]
async fn a_version_id_that_no_version_can_have_is_not_there() {
    let bucket = buckets::local_cloud().await;
    let store = bucket.store();
    put(&store, "bytes", WriteCondition::None).await.unwrap();
    for version in ["x", "../x"] {
        let refused = store.open(&ObjectRef::at(KEY, version), None).await.err().unwrap();
        assert!(refused.is_not_found(), "a pointer written by hand must not stop a publish: {refused}");
    }
}
