//! Tries whether a store keeps the two promises that a publish rests on.

use bytes::Bytes;

use crate::{FailureKind, ObjectRef, Put, PutOptions, StoreError, UploadSource, WriteCondition, WriteStore};

const PROBE: &str = "Naru tries here whether this store honours conditional writes:";
/// An ETag that none of our objects has.
const WRONG_TAG: &str = "\"00000000000000000000000000000000\"";

/// Fails with [`FailureKind::Unsupported`] unless `store` keeps versions and refuses conditional
/// writes whose condition does not hold.
pub(crate) async fn check<S: WriteStore + ?Sized>(store: &S, key: &str) -> Result<(), StoreError> {
    // The first may create the object; the second can't, so only it proves something.
    let first = write(store, key, WriteCondition::Absent).await;
    if refused(first, key)?.is_some() {
        let second = write(store, key, WriteCondition::Absent).await;
        if refused(second, key)?.is_some() {
            return Err(unsupported(key, "the store ignored `If-None-Match: *` on an object that exists"));
        }
    }
    let wrong = write(store, key, WriteCondition::Matches(WRONG_TAG.to_owned())).await;
    if refused(wrong, key)?.is_some() {
        return Err(unsupported(key, "the store ignored an `If-Match` with a wrong tag"));
    }
    match write_over(store, key).await?.version {
        // A bucket whose versioning was never enabled, or is suspended, answers `null` or nothing:
        // https://docs.aws.amazon.com/AmazonS3/latest/userguide/AddingObjectstoVersionSuspendedBuckets.html
        None => {
            Err(unsupported(key, "the store gave no version id: versioning is not enabled on the bucket"))
        }
        Some(version) if version == "null" => Err(unsupported(
            key,
            "the store gave the version id `null`: versioning is suspended on the bucket",
        )),
        Some(_) => Ok(()),
    }
}

/// Overwrites the probe under a condition that holds.
async fn write_over<S: WriteStore + ?Sized>(store: &S, key: &str) -> Result<Put, StoreError> {
    // Another publisher's probe can come between the question and the write.
    for _ in 0..5 {
        let stored = store.stat(&ObjectRef::newest(key)).await?;
        let tag = stored.map(|stored| stored.etag).unwrap_or_default();
        if let Some(put) = refused(write(store, key, WriteCondition::Matches(tag)).await, key)? {
            return Ok(put);
        }
    }
    Err(unsupported(key, "the store refused an `If-Match` with the object's own tag"))
}

async fn write<S: WriteStore + ?Sized>(
    store: &S,
    key: &str,
    condition: WriteCondition,
) -> Result<Put, StoreError> {
    // Other bytes every time: a store takes a refused write that finds its own bytes for one that
    // had won already.
    let source = UploadSource::Bytes(Bytes::from(format!("{PROBE} {:032x}\n", fastrand::u128(..))));
    let options = PutOptions { cache_control: Some("no-store"), ..PutOptions::default() };
    store.put(key, source, condition, options, &()).await
}

/// `None` where the write was refused because its condition did not hold.
fn refused(answer: Result<Put, StoreError>, key: &str) -> Result<Option<Put>, StoreError> {
    match answer {
        Ok(put) => Ok(Some(put)),
        Err(error) if error.kind == FailureKind::Precondition => Ok(None),
        Err(error) if error.kind == FailureKind::Unsupported => {
            let mut unsupported = unsupported(key, "the store does not know conditional writes");
            unsupported.status = error.status;
            unsupported.source = Some(Box::new(error));
            Err(unsupported)
        }
        Err(error) => Err(error),
    }
}

fn unsupported(key: &str, detail: &str) -> StoreError {
    StoreError::new("check", key, FailureKind::Unsupported, detail)
}
