//! Publishes on a store that fails at the worst moments.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use naru_patcher::{PublishError, UpdateError};
use naru_protocol::{Keys, Pointer};
use naru_store::{
    Body, FailureKind, Invalidation, Invalidator, Listed, MemoryStore, ObjectRef, Put, PutOptions, ReadStore,
    StoreError, Stored, UploadProgress, UploadSource, VersionMarker, VersionPage, WriteCondition, WriteStore,
};

use crate::backend;
use crate::world::{Warnings, World, expected, put, roll_back, write};

const POINTER: &str = "update/version.json";

/// What goes wrong with the next write of the pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// It arrives, and the answer is lost.
    AnswerLost,
    /// It arrives, the answer is lost, and then nothing can be read.
    StoreGone,
    /// It does not arrive.
    NotArrived,
    /// Another publisher's arrives instead.
    Overtaken,
    /// None: another publisher's has arrived already, right after the pointer's versions were listed.
    OvertakenWhileListed,
}

struct Faulty {
    inner: Arc<dyn WriteStore>,
    fault: Fault,
    struck: AtomicBool,
}

fn no_answer(operation: &'static str, key: &str) -> StoreError {
    StoreError::new(operation, key, FailureKind::Retryable, "no answer")
}

impl Faulty {
    fn check_reachable(&self, key: &str) -> Result<(), StoreError> {
        if self.fault == Fault::StoreGone && self.struck.load(Ordering::Relaxed) {
            return Err(no_answer("get", key));
        }
        Ok(())
    }
}

#[async_trait::async_trait]
impl ReadStore for Faulty {
    async fn open(&self, object: &ObjectRef, range: Option<Range<u64>>) -> Result<Body, StoreError> {
        self.check_reachable(&object.key)?;
        self.inner.open(object, range).await
    }

    async fn stat(&self, object: &ObjectRef) -> Result<Option<Stored>, StoreError> {
        self.inner.stat(object).await
    }

    fn name(&self) -> &str {
        self.inner.name()
    }
}

#[async_trait::async_trait]
impl WriteStore for Faulty {
    async fn put(
        &self,
        key: &str,
        source: UploadSource,
        condition: WriteCondition,
        options: PutOptions,
        progress: &dyn UploadProgress,
    ) -> Result<Put, StoreError> {
        if key != POINTER || self.fault == Fault::OvertakenWhileListed {
            return self.inner.put(key, source, condition, options, progress).await;
        }
        self.struck.store(true, Ordering::Relaxed);
        match self.fault {
            Fault::NotArrived | Fault::OvertakenWhileListed => {}
            Fault::AnswerLost | Fault::StoreGone => {
                self.inner.put(key, source, condition, options, progress).await?;
            }
            Fault::Overtaken => {
                let other = UploadSource::Bytes(
                    br#"{"version":2,"filedb":"filedb.db","s3_versionid":"theirs"}"#.to_vec().into(),
                );
                self.inner.put(key, other, condition, options, progress).await?;
            }
        }
        Err(no_answer("put", key))
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
        let page = self.inner.version_page(prefix, after).await?;
        let strikes = self.fault == Fault::OvertakenWhileListed && prefix == POINTER;
        if strikes && !self.struck.swap(true, Ordering::Relaxed) {
            let theirs = br#"{"version":3,"filedb":"filedb.db","s3_versionid":"theirs"}"#;
            put(&*self.inner, POINTER, theirs.to_vec()).await;
        }
        Ok(page)
    }

    async fn check_safety(&self, _keys: &Keys) -> Result<(), StoreError> {
        Ok(())
    }
}

/// Publishes release 2 over a store with a fault; answers with what the publisher was told and the
/// numbers that are in the store.
async fn second_publish(fault: Fault) -> (Result<u64, PublishError>, Vec<u64>) {
    let world = World::new().await;
    world.set_build(&[("a", b"1")]);
    world.publish().await.unwrap();
    world.set_build(&[("a", b"2")]);
    let mut publisher = world.publisher();
    publisher.store = Arc::new(Faulty { inner: world.place.store.clone(), fault, struck: false.into() });
    let plan = publisher.plan().await.unwrap();
    let told = publisher.publish(plan).await.map(|published| published.number);
    let releases = world.publisher().releases().await.unwrap();
    (told, releases.iter().map(|release| release.number).collect())
}

#[tokio::test]
async fn a_pointer_whose_answer_was_lost_is_read_back() {
    let (told, there) = second_publish(Fault::AnswerLost).await;
    assert_eq!((told.unwrap(), there), (2, vec![2, 1]), "it is out, and its publisher must hear so");
}

#[tokio::test]
async fn a_plan_after_a_failed_publish_counts_what_is_still_to_be_sent() {
    let world = World::new().await;
    world.set_build(&[("a", b"1111"), ("b", b"22")]);
    let mut publisher = world.publisher();
    let fault = Fault::NotArrived;
    publisher.store = Arc::new(Faulty { inner: world.place.store.clone(), fault, struck: false.into() });
    let plan = publisher.plan().await.unwrap();
    assert_eq!((plan.upload_bytes, plan.resumed_bytes), (6, 0));
    publisher.publish(plan).await.unwrap_err();

    write(&world.build().join("c"), b"333");
    let plan = world.publisher().plan().await.unwrap();
    assert_eq!((plan.upload_bytes, plan.resumed_bytes), (3, 6), "the files are there, only no pointer was");
    let published = world.publisher().publish(plan).await.unwrap();
    assert_eq!((published.uploaded_bytes, published.uploaded_files), (3, 1));
    assert_eq!((published.resumed_bytes, published.resumed_files), (6, 2));
    world.update().await.unwrap();
    assert_eq!(world.installed(), expected(&[("a", b"1111"), ("b", b"22"), ("c", b"333")]));
}

#[tokio::test]
async fn a_pointer_that_is_none_is_named() {
    let world = World::new().await;
    world.set_build(&[("a", b"1")]);
    put(&*world.place.store, POINTER, b"<html>".to_vec()).await;
    let refused = world.publish().await;
    assert!(
        matches!(&refused, Err(PublishError::BrokenPointer { key, .. }) if key == POINTER),
        "{refused:?}"
    );
    let refused = world.update().await;
    assert!(matches!(&refused, Err(UpdateError::BrokenPointer { key, .. }) if key == POINTER), "{refused:?}");
}

#[tokio::test]
async fn a_pointer_that_did_not_arrive_is_no_release() {
    let (told, there) = second_publish(Fault::NotArrived).await;
    assert!(matches!(&told, Err(PublishError::Store(error)) if error.is_retryable()), "{told:?}");
    assert_eq!(there, [1]);
}

#[tokio::test]
async fn without_an_answer_a_foreign_pointer_is_a_conflict() {
    let (told, _) = second_publish(Fault::Overtaken).await;
    assert!(matches!(told, Err(PublishError::Conflict { expected: Some(1) })), "{told:?}");
}

#[tokio::test]
async fn a_release_that_comes_while_a_rollback_looks_keeps_its_number() {
    let world = World::new().await;
    for text in [b"1", b"2"] {
        world.set_build(&[("a", text)]);
        world.publish().await.unwrap();
    }
    let mut publisher = world.publisher();
    let fault = Fault::OvertakenWhileListed;
    publisher.store = Arc::new(Faulty { inner: world.place.store.clone(), fault, struck: false.into() });
    let refused = roll_back(&publisher, 1).await;
    assert!(matches!(refused, Err(PublishError::Conflict { expected: Some(2) })), "{refused:?}");
    let releases = world.publisher().releases().await.unwrap();
    let numbers: Vec<_> = releases.iter().map(|release| release.number).collect();
    assert_eq!(numbers, [3, 2, 1], "3 is the other publisher's alone");
}

#[tokio::test]
async fn what_nobody_can_know_is_said_to_be_unclear() {
    let (told, there) = second_publish(Fault::StoreGone).await;
    assert!(matches!(told, Err(PublishError::Unclear { number: 2, .. })), "{told:?}");
    assert_eq!(there, [2, 1], "it was out indeed");
}

#[derive(Default)]
struct CountedEdge(AtomicUsize);

#[async_trait::async_trait]
impl Invalidator for CountedEdge {
    async fn invalidate(&self, key: &str) -> Result<Invalidation, StoreError> {
        assert_eq!(key, POINTER);
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(Invalidation { id: "I1".into(), completed: true })
    }

    async fn progress(&self, id: &str) -> Result<Invalidation, StoreError> {
        Ok(Invalidation { id: id.into(), completed: true })
    }

    fn poll_interval(&self) -> Duration {
        Duration::ZERO
    }
}

#[tokio::test]
async fn a_rerun_after_a_kill_before_the_invalidation_tells_the_edge() {
    let world = World::new().await;
    world.set_build(&[("a", b"1")]);
    // Without an edge to tell: what a kill right after the pointer leaves.
    world.publish().await.unwrap();
    let edge = Arc::new(CountedEdge::default());
    let mut publisher = world.publisher();
    publisher.invalidator = Some(edge.clone());
    let plan = publisher.plan().await.unwrap();
    assert!(plan.is_empty());
    let told = publisher.publish(plan).await.unwrap();
    assert_eq!((told.number, told.invalidation.as_deref()), (1, Some("I1")), "and no release is made");
    let plan = publisher.plan().await.unwrap();
    let again = publisher.publish(plan).await.unwrap();
    assert_eq!((again.number, again.invalidation), (1, None), "it is known to have been told");
    assert_eq!(edge.0.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn an_old_release_is_not_invalidated_by_each_run_of_ci() {
    let world = World::new().await;
    world.set_build(&[("a", b"1")]);
    world.publish().await.unwrap();
    let object = ObjectRef::newest(POINTER);
    let stored = world.place.store.read(&object, 1 << 14).await.unwrap();
    let mut pointer = Pointer::decode(&stored).unwrap();
    pointer.release.as_mut().unwrap().issued_at = "2020-01-01T00:00:00Z".parse().unwrap();
    put(&*world.place.store, POINTER, pointer.encode().unwrap()).await;
    let edge = Arc::new(CountedEdge::default());
    let mut publisher = world.publisher();
    publisher.invalidator = Some(edge.clone());
    let plan = publisher.plan().await.unwrap();
    assert!(plan.is_empty());
    assert_eq!(publisher.publish(plan).await.unwrap().invalidation, None);
    assert_eq!(edge.0.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn one_unreadable_old_pointer_hides_no_other_release() {
    let world = World::new().await;
    world.set_build(&[("a", b"1")]);
    world.publish().await.unwrap();
    let good = world.place.store.read(&ObjectRef::newest(POINTER), 1 << 14).await.unwrap();
    put(&*world.place.store, POINTER, b"<html>an accident</html>".to_vec()).await;
    put(&*world.place.store, POINTER, vec![b' '; 20 * 1024]).await;
    let heard = Arc::new(Warnings::default());
    let mut publisher = world.publisher();
    publisher.progress = heard.clone();
    let live: Vec<_> = publisher.releases().await.unwrap().iter().map(|release| release.live).collect();
    assert_eq!(live, [false], "release 1 is there, and players get something else");
    assert!(roll_back(&publisher, 1).await.is_err(), "what is live now can't be built on");
    assert_eq!(heard.take().len(), 4, "two versions, named in both lists");

    put(&*world.place.store, POINTER, good.to_vec()).await;
    world.set_build(&[("a", b"2")]);
    world.publish().await.unwrap();
    assert_eq!(roll_back(&publisher, 1).await.unwrap().number, 3);
}

/// A world whose store can lose things.
async fn forgetful() -> (World, Arc<MemoryStore>) {
    let mut world = World::new().await;
    let store = Arc::new(MemoryStore::new());
    world.place = backend::place(store.clone());
    (world, store)
}

#[tokio::test]
async fn a_rollback_to_what_the_store_has_lost_changes_nothing() {
    let (world, store) = forgetful().await;
    world.set_build(&[("a", b"1"), ("b", b"same")]);
    world.publish().await.unwrap();
    let version = store.stat(&ObjectRef::newest("update/a")).await.unwrap().unwrap().version.unwrap();
    world.set_build(&[("a", b"2"), ("b", b"same")]);
    world.publish().await.unwrap();
    store.expire("update/a", &version);
    let writes = store.versions("update/filedb.db").await.unwrap().len();

    let refused = roll_back(&world.publisher(), 1).await.unwrap_err();
    assert!(
        matches!(&refused, PublishError::Gone { number: 1, key, version: Some(gone) }
            if key == "update/a" && *gone == version),
        "{refused:?}"
    );
    assert_eq!(store.versions("update/filedb.db").await.unwrap().len(), writes, "nothing was written");
    assert_eq!(world.publisher().releases().await.unwrap().len(), 2);

    let manifest = store.list("update/.naru/manifest/").await.unwrap();
    for object in manifest {
        store.expire(&object.key, &store.versions(&object.key).await.unwrap()[0].version);
    }
    let refused = roll_back(&world.publisher(), 1).await;
    assert!(matches!(refused, Err(PublishError::Gone { number: 1, version: None, .. })), "{refused:?}");
}

#[tokio::test]
async fn the_numbers_go_on_after_the_pointer_was_deleted() {
    let (world, store) = forgetful().await;
    world.set_build(&[("a", b"1")]);
    world.publish().await.unwrap();
    world.set_build(&[("a", b"2")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();

    store.delete(POINTER);
    world.set_build(&[("a", b"3")]);
    assert_eq!(world.publish().await.unwrap().number, 3, "1 would be an old release to every client");
    assert_eq!(world.update().await.unwrap().to, 3);

    store.delete(POINTER);
    assert_eq!(roll_back(&world.publisher(), 1).await.unwrap().number, 4);
    world.update().await.unwrap();
    assert_eq!(world.installed(), expected(&[("a", b"1")]));
}
