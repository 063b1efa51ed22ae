//! Uploads and copies in parts: begun, killed, continued, refused.

use std::path::Path;
use std::time::Duration;

use crate::behaviour::Counted;
use crate::buckets::{self, Bucket};
use naru_protocol::Digest;
use naru_store::{
    FailureKind, ObjectRef, Put, PutOptions, ReadStore, S3Sizes, S3Store, StoreError, UploadSource,
    WriteCondition, WriteStore,
};
use naru_testkit::{ChaosProxy, Fault, Nth, Rule};

const MIB: u64 = 1024 * 1024;
/// Parts of 5 MiB, the least that S3 takes, so that a file of 23 MiB has four or five.
const SIZES: S3Sizes =
    S3Sizes { single_put: MIB, part: 5 * MIB, single_copy: 12 * MIB, copy_part: 5 * MIB, memory: 40 * MIB };
const KEY: &str = "parts/큰 파일.pak";

struct Rig {
    bucket: Bucket,
    proxy: ChaosProxy,
    store: S3Store,
    folder: tempfile::TempDir,
    /// Whether the server can say which parts have arrived.
    lists_parts: bool,
}

async fn rig(bucket: Bucket, lists_parts: bool) -> Rig {
    let proxy = ChaosProxy::start(bucket.address()).await;
    Rig {
        store: bucket.store_behind(&proxy.url()).with_sizes(SIZES),
        folder: tempfile::tempdir().unwrap(),
        bucket,
        proxy,
        lists_parts,
    }
}

impl Rig {
    async fn put(&self, file: &LargeFile, condition: WriteCondition) -> (Result<Put, StoreError>, u64) {
        let progress = Counted::default();
        let source = file.source(self.folder.path());
        let put = self.store.put(KEY, source, condition, PutOptions::default(), &progress).await;
        (put, progress.bytes())
    }

    /// The key's newest version holds exactly this file, and says so.
    async fn assert_holds(&self, file: &LargeFile) {
        let object = ObjectRef::newest(KEY);
        let bytes = self.store.read(&object, 64 * MIB).await.unwrap();
        assert_eq!(Digest::of(&bytes), file.digest(), "other bytes than those of the file");
        let stored = self.store.stat(&object).await.unwrap().unwrap();
        assert_eq!(stored.digest, Some(file.digest()), "the digest beside the bytes is not theirs");
    }

    async fn unfinished(&self) -> usize {
        let request = self.bucket.client().list_multipart_uploads().bucket(&self.bucket.name);
        request.send().await.unwrap().uploads().len()
    }

    /// Bytes of the parts that the server keeps of the only unfinished upload. Parts are sent side by
    /// side, so which of them arrive before one is refused is chance.
    async fn arrived(&self) -> u64 {
        let (client, bucket) = (self.bucket.client(), &self.bucket.name);
        let uploads = client.list_multipart_uploads().bucket(bucket).send().await.unwrap();
        let id = uploads.uploads()[0].upload_id().unwrap();
        let parts = client.list_parts().bucket(bucket).key(KEY).upload_id(id).send().await.unwrap();
        parts.parts().iter().map(|part| part.size().unwrap().unsigned_abs()).sum()
    }

    /// Lets part `number` and all after it fail as a process that is killed there would leave them.
    fn break_at(&self, number: u32) {
        for number in number..10 {
            let part = format!("partNumber={number}&");
            self.proxy.inject(Rule::new(part, Nth::Every, Fault::Status(403, vec![])));
        }
    }
}

/// 23 MiB with the same beginning and different tails.
struct LargeFile {
    bytes: Vec<u8>,
}

impl LargeFile {
    fn new(tail: u8) -> Self {
        let mut bytes: Vec<u8> = (0..23 * MIB).map(|at| (at ^ (at / 251)) as u8).collect();
        bytes.extend_from_slice(&[tail; 100]);
        Self { bytes }
    }

    fn digest(&self) -> Digest {
        Digest::of(&self.bytes)
    }

    fn source(&self, folder: &Path) -> UploadSource {
        let path = folder.join(self.digest().to_string());
        std::fs::write(&path, &self.bytes).unwrap();
        UploadSource::File { path, length: self.bytes.len() as u64, digest: self.digest() }
    }

    fn length(&self) -> u64 {
        self.bytes.len() as u64
    }
}

async fn a_large_file_goes_up_in_parts(rig: &Rig) {
    let file = LargeFile::new(1);
    let (put, sent) = rig.put(&file, WriteCondition::None).await;
    let put = put.unwrap();
    assert_eq!(put.md5.unwrap().to_string(), md5_of(&file.bytes));
    assert_eq!(sent, file.length());
    assert!(rig.proxy.count("PUT", "partNumber=") >= 4, "it went up in one piece");
    rig.assert_holds(&file).await;
    assert_eq!(rig.unfinished().await, 0);
}

async fn a_killed_upload_is_continued(rig: &Rig) {
    let file = LargeFile::new(2);
    // The fifth is sent when one of the four before it has arrived.
    rig.break_at(5);
    assert!(rig.put(&file, WriteCondition::None).await.0.is_err());
    assert_eq!(rig.unfinished().await, 1, "what arrived is kept");
    let arrived = if rig.lists_parts { rig.arrived().await } else { 0 };
    let told = rig.store.arrived_bytes(KEY, file.length(), &file.digest()).await.unwrap();
    // A part that was under way may still arrive while it is asked.
    let most = if rig.lists_parts { rig.arrived().await } else { 0 };
    assert!(
        (arrived..=most).contains(&told),
        "a plan counts what need not travel: {told} of {arrived} to {most}"
    );

    rig.proxy.clear();
    let (put, counted) = rig.put(&file, WriteCondition::None).await;
    put.unwrap();
    rig.assert_holds(&file).await;
    if !rig.lists_parts {
        return;
    }
    let again = rig.proxy.request_bytes("partNumber=");
    assert!(arrived > 0, "no part arrived before the fifth was sent");
    // Each part is sent with a few bytes of framing.
    assert!(again <= file.length() - arrived + MIB, "{again} bytes left though {arrived} had arrived");
    assert_eq!(counted, file.length(), "progress reaches the end");
    assert_eq!(rig.unfinished().await, 0);
}

async fn an_upload_of_other_bytes_is_not_continued(rig: &Rig) {
    let (killed, other) = (LargeFile::new(3), LargeFile::new(4));
    rig.break_at(3);
    assert!(rig.put(&killed, WriteCondition::None).await.0.is_err());
    rig.proxy.clear();
    rig.put(&other, WriteCondition::None).await.0.unwrap();
    rig.assert_holds(&other).await;

    // The first one is still there to be continued.
    rig.put(&killed, WriteCondition::None).await.0.unwrap();
    rig.assert_holds(&killed).await;
    assert!(!rig.lists_parts || rig.unfinished().await == 0);
}

/// Parts of the right lengths prove nothing yet.
async fn arrived_parts_are_compared(rig: &Rig) {
    let file = LargeFile::new(10);
    rig.proxy.clear();
    rig.put(&file, WriteCondition::None).await.0.unwrap();
    let seen = rig.proxy.seen();
    let first = seen.iter().find(|seen| seen.target.contains("partNumber=1&")).unwrap();
    let wrong = vec![0; first.request_bytes as usize];
    let (client, bucket) = (rig.bucket.client(), &rig.bucket.name);
    let upload = client.create_multipart_upload().bucket(bucket).key(KEY).send().await.unwrap();
    let upload = upload.upload_id.unwrap();
    let part = client.upload_part().bucket(bucket).key(KEY).upload_id(&upload).part_number(1);
    part.body(wrong.into()).send().await.unwrap();

    rig.put(&file, WriteCondition::None).await.0.unwrap();
    rig.assert_holds(&file).await;
    let abort = client.abort_multipart_upload().bucket(bucket).key(KEY).upload_id(&upload);
    abort.send().await.unwrap();
}

async fn a_file_that_changes_leaves_nothing(rig: &Rig) {
    let before = (rig.store.versions(KEY).await.unwrap().len(), rig.unfinished().await);
    let file = LargeFile::new(5);
    let source = file.source(rig.folder.path());
    let UploadSource::File { path, .. } = &source else { unreachable!() };
    let mut changed = file.bytes.clone();
    changed[20 * MIB as usize] ^= 1;
    std::fs::write(path, changed).unwrap();
    let put = rig.store.put(KEY, source, WriteCondition::None, PutOptions::default(), &()).await;
    assert!(put.unwrap_err().detail.contains("changed while publishing"));
    let after = (rig.store.versions(KEY).await.unwrap().len(), rig.unfinished().await);
    assert_eq!(after, before, "parts of bytes that are no more would cost for ever");
}

async fn large_objects_are_copied_in_parts(rig: &Rig) {
    let file = LargeFile::new(6);
    let put = rig.put(&file, WriteCondition::None).await.0.unwrap();
    rig.put(&LargeFile::new(7), WriteCondition::None).await.0.unwrap();
    rig.proxy.clear();
    let source = ObjectRef::at(KEY, put.version.unwrap());
    rig.store.copy(&source, KEY, PutOptions::default()).await.unwrap();
    assert_eq!(rig.proxy.count("PUT", "partNumber="), 5);
    assert_eq!(rig.proxy.request_bytes("partNumber="), 0, "no byte of it passes through us");
    rig.assert_holds(&file).await;
}

async fn a_condition_holds_at_the_end(rig: &Rig) {
    let file = LargeFile::new(8);
    let refused = rig.put(&file, WriteCondition::Absent).await.0.unwrap_err();
    assert_eq!(refused.kind, FailureKind::Precondition, "{refused}");
    assert!(!rig.lists_parts || rig.unfinished().await == 0, "an upload that came second never ends");
    let tag = rig.store.stat(&ObjectRef::newest(KEY)).await.unwrap().unwrap().etag;
    rig.put(&file, WriteCondition::Matches(tag)).await.0.unwrap();
    rig.assert_holds(&file).await;
}

async fn a_lost_answer_at_the_end_is_found_out(rig: &Rig) {
    let file = LargeFile::new(9);
    let tag = rig.store.stat(&ObjectRef::newest(KEY)).await.unwrap().unwrap().etag;
    rig.proxy.clear();
    rig.proxy.inject(Rule::new("uploadId=", Nth::Only(1), Fault::DropAnswer).method("POST"));
    let put = rig.put(&file, WriteCondition::Matches(tag)).await.0.unwrap();
    assert_eq!(rig.store.versions(KEY).await.unwrap()[0].version, put.version.unwrap());
    rig.assert_holds(&file).await;
}

async fn an_upload_that_is_gone_may_have_been_finished_by_us(rig: &Rig) {
    let file = LargeFile::new(11);
    rig.proxy.clear();
    rig.proxy.inject(Rule::new("uploadId=", Nth::Only(1), Fault::DropAnswer).method("POST"));
    rig.proxy.inject(Rule::new("uploadId=", Nth::Only(2), Fault::Status(404, vec![])).method("POST"));
    let put = rig.put(&file, WriteCondition::None).await.0.unwrap();
    assert_eq!(rig.store.versions(KEY).await.unwrap()[0].version, put.version.unwrap());
    rig.assert_holds(&file).await;
}

async fn a_repeated_end_that_came_second_has_lost(rig: &Rig) {
    let (theirs, ours) = (LargeFile::new(12), LargeFile::new(13));
    rig.put(&theirs, WriteCondition::None).await.0.unwrap();
    rig.proxy.clear();
    rig.proxy.inject(Rule::new("uploadId=", Nth::Only(1), Fault::Status(503, vec![])).method("POST"));
    let refused = rig.put(&ours, WriteCondition::Absent).await.0.unwrap_err();
    assert_eq!(refused.kind, FailureKind::Precondition, "of the same length, but not ours: {refused}");
    rig.assert_holds(&theirs).await;
}

/// More uploads than the memory holds parts of take turns, and none waits for ever.
async fn many_uploads_share_a_small_budget(rig: &Rig) {
    let store = rig.bucket.store_behind(&rig.proxy.url());
    let store = store.with_sizes(S3Sizes { memory: 6 * MIB, ..SIZES });
    let files: Vec<LargeFile> = (20..24).map(LargeFile::new).collect();
    let small = SIZES.single_put as usize;
    let puts = files.iter().enumerate().map(|(at, file)| {
        let (store, source) = (&store, file.source(rig.folder.path()));
        let head = LargeFile { bytes: file.bytes[..small].to_vec() }.source(rig.folder.path());
        async move {
            let (large, small) = (format!("{KEY}.{at}"), format!("{KEY}.{at}.small"));
            let put = |key, source| async move {
                store.put(key, source, WriteCondition::None, PutOptions::default(), &()).await
            };
            futures::try_join!(put(&large, source), put(&small, head)).unwrap();
            store.stat(&ObjectRef::newest(large)).await.unwrap().unwrap().length
        }
    });
    let lengths = tokio::time::timeout(Duration::from_secs(60), futures::future::join_all(puts)).await;
    assert_eq!(lengths.unwrap(), files.iter().map(LargeFile::length).collect::<Vec<_>>());
}

fn md5_of(bytes: &[u8]) -> String {
    use md5::Digest as _;
    let digest: [u8; 16] = md5::Md5::digest(bytes).into();
    naru_protocol::Md5Digest::from_bytes(digest).to_string()
}

#[tokio::test]
async fn on_the_local_cloud() {
    let rig = rig(buckets::local_cloud().await, true).await;
    a_large_file_goes_up_in_parts(&rig).await;
    a_killed_upload_is_continued(&rig).await;
    an_upload_of_other_bytes_is_not_continued(&rig).await;
    arrived_parts_are_compared(&rig).await;
    a_file_that_changes_leaves_nothing(&rig).await;
    large_objects_are_copied_in_parts(&rig).await;
    a_condition_holds_at_the_end(&rig).await;
    a_lost_answer_at_the_end_is_found_out(&rig).await;
    an_upload_that_is_gone_may_have_been_finished_by_us(&rig).await;
    a_repeated_end_that_came_second_has_lost(&rig).await;
    many_uploads_share_a_small_budget(&rig).await;
}

#[tokio::test]
async fn on_an_independent_server() {
    let Some(bucket) = buckets::named_server().await else {
        return;
    };
    let rig = rig(bucket, false).await;
    a_large_file_goes_up_in_parts(&rig).await;
    a_killed_upload_is_continued(&rig).await;
    an_upload_of_other_bytes_is_not_continued(&rig).await;
    arrived_parts_are_compared(&rig).await;
    a_file_that_changes_leaves_nothing(&rig).await;
    large_objects_are_copied_in_parts(&rig).await;
    a_condition_holds_at_the_end(&rig).await;
    a_lost_answer_at_the_end_is_found_out(&rig).await;
    an_upload_that_is_gone_may_have_been_finished_by_us(&rig).await;
    a_repeated_end_that_came_second_has_lost(&rig).await;
}
