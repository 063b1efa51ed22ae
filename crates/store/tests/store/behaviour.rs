//! The promises of a store, one function each.

use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use futures::StreamExt;
use md5::Digest as _;
use naru_protocol::{Digest, Keys, Md5Digest};
use naru_store::{
    FailureKind, ObjectRef, Put, PutOptions, StoreError, UploadProgress, UploadSource, VersionMarker,
    WriteCondition, WriteStore,
};

/// Counts the bytes that a store accepted.
#[derive(Default)]
pub struct Counted(AtomicU64);

impl Counted {
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl UploadProgress for Counted {
    fn sent(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// All behaviours on one store, below one prefix.
pub struct Suite<'a> {
    store: &'a dyn WriteStore,
    prefix: &'static str,
}

impl<'a> Suite<'a> {
    pub fn new(store: &'a dyn WriteStore, prefix: &'static str) -> Self {
        Self { store, prefix }
    }

    pub async fn run(&self) {
        self.what_is_written_is_read().await;
        self.every_write_is_a_version().await;
        self.conditions_hold().await;
        self.what_is_not_there_is_a_value().await;
        self.files_are_checked_against_their_scan().await;
        self.copies_keep_bytes_and_digests().await;
        self.listings_are_complete().await;
        self.listings_of_versions_are_complete().await;
        self.safety_is_proved().await;
    }

    fn key(&self, name: &str) -> String {
        format!("{}/{name}", self.prefix)
    }

    async fn put(&self, key: &str, bytes: &[u8], condition: WriteCondition) -> Result<Put, StoreError> {
        let source = UploadSource::Bytes(Bytes::copy_from_slice(bytes));
        self.store.put(key, source, condition, PutOptions::default(), &()).await
    }

    async fn what_is_written_is_read(&self) {
        let key = self.key("폴더 1/a#b%c+d?e&f.png");
        let bytes: Vec<u8> = (0..100_000_u32).map(|at| (at / 7) as u8).collect();
        let (progress, digest) = (Counted::default(), Digest::of(&bytes));
        let options = PutOptions {
            digest: Some(digest),
            cache_control: Some("public, max-age=31536000, immutable"),
            content_type: None,
        };
        let source = UploadSource::Bytes(bytes.clone().into());
        let put = self.store.put(&key, source, WriteCondition::None, options, &progress).await.unwrap();
        let md5 = Md5Digest::from_bytes(md5::Md5::digest(&bytes).into());
        assert_eq!(put.md5, Some(md5));
        assert_eq!(progress.bytes(), 100_000);

        let object = ObjectRef::at(&key, put.version.clone().unwrap());
        assert_eq!(self.store.read(&object, 100_000).await.unwrap(), bytes);
        let refused = self.store.read(&object, 99_999).await.unwrap_err();
        assert_eq!(refused.kind, FailureKind::BadAnswer, "one byte over the limit");

        let mut body = self.store.open(&object, Some(500..70_000)).await.unwrap();
        assert_eq!((body.length, body.object_length), (Some(69_500), Some(100_000)));
        let mut range = Vec::new();
        while let Some(piece) = body.stream.next().await {
            range.extend_from_slice(&piece.unwrap());
        }
        assert_eq!(range, bytes[500..70_000]);
        let past = self.store.open(&object, Some(99_000..100_001)).await.err().unwrap();
        assert_ne!(past.kind, FailureKind::NotFound, "the object is there, the bytes are not: {past}");
        assert!(self.store.open(&object, Some(5..5)).await.is_err(), "no byte can't be asked for");

        let stored = self.store.stat(&ObjectRef::newest(&key)).await.unwrap().unwrap();
        assert_eq!((stored.length, stored.digest, stored.md5), (100_000, Some(digest), Some(md5)));
        assert_eq!((stored.version, stored.etag), (put.version, put.etag));
    }

    async fn every_write_is_a_version(&self) {
        let key = self.key("version.json");
        // A neighbour whose key begins with ours must not appear among our versions.
        self.put(&self.key("version.json.bak"), b"other", WriteCondition::None).await.unwrap();
        let mut written = Vec::new();
        for bytes in [&b"one"[..], b"second", b""] {
            written.push(self.put(&key, bytes, WriteCondition::None).await.unwrap().version.unwrap());
        }
        let versions = self.store.versions(&key).await.unwrap();
        let ids: Vec<_> = versions.iter().rev().map(|version| version.version.clone()).collect();
        assert_eq!(ids, written, "newest first");
        let newest: Vec<_> = versions.iter().map(|version| (version.newest, version.length)).collect();
        assert_eq!(newest, [(true, 0), (false, 6), (false, 3)]);
        for (version, bytes) in written.iter().zip([&b"one"[..], b"second", b""]) {
            let object = ObjectRef::at(&key, version);
            assert_eq!(self.store.read(&object, 10).await.unwrap(), bytes);
        }
        assert_eq!(self.store.versions(&self.key("never")).await.unwrap(), []);
    }

    async fn conditions_hold(&self) {
        let key = self.key("conditional");
        let first = self.put(&key, b"first", WriteCondition::Absent).await.unwrap();
        // The same bytes on purpose: two publishers that write the same lease must not both hold it.
        let again = self.put(&key, b"first", WriteCondition::Absent).await.unwrap_err();
        assert_eq!(again.kind, FailureKind::Precondition, "{again}");

        let second = self.put(&key, b"second", WriteCondition::Matches(first.etag.clone())).await.unwrap();
        let late = self.put(&key, b"late", WriteCondition::Matches(first.etag)).await.unwrap_err();
        assert_eq!(late.kind, FailureKind::Precondition, "{late}");
        let newest = self.store.stat(&ObjectRef::newest(&key)).await.unwrap().unwrap();
        assert_eq!(newest.version, second.version, "a refused write leaves nothing");
    }

    async fn what_is_not_there_is_a_value(&self) {
        let nothing = ObjectRef::newest(self.key("nothing"));
        assert_eq!(self.store.stat(&nothing).await.unwrap(), None);
        assert!(self.store.read(&nothing, 10).await.unwrap_err().is_not_found());
        assert!(self.store.open(&nothing, Some(0..1)).await.err().unwrap().is_not_found());
        let copied = self.store.copy(&nothing, &self.key("copy"), PutOptions::default()).await;
        assert!(copied.unwrap_err().is_not_found());
    }

    async fn files_are_checked_against_their_scan(&self) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("파일.bin");
        std::fs::write(&path, b"the bytes of the scan").unwrap();
        let digest = Digest::of(b"the bytes of the scan");
        let source = |length, digest| UploadSource::File { path: path.clone(), length, digest };
        let key = self.key("파일.bin");
        let put = |source| self.store.put(&key, source, WriteCondition::None, PutOptions::default(), &());
        for changed in [source(20, digest), source(22, digest), source(21, Digest::of(b"other"))] {
            let error = put(changed).await.unwrap_err();
            assert_eq!(error.kind, FailureKind::BadSource, "the build is at fault, not the store");
            assert!(error.detail.contains("changed while publishing"), "{error}");
        }
        assert_eq!(self.store.stat(&ObjectRef::newest(&key)).await.unwrap(), None, "no object is left");
        let gone = UploadSource::File { path: folder.path().join("gone"), length: 21, digest };
        assert_eq!(put(gone).await.unwrap_err().kind, FailureKind::BadSource, "so is a file that is gone");
        put(source(21, digest)).await.unwrap();
        let stored = self.store.stat(&ObjectRef::newest(&key)).await.unwrap().unwrap();
        assert_eq!(stored.digest, Some(digest), "the scan's digest goes with the bytes");
    }

    async fn copies_keep_bytes_and_digests(&self) {
        let from = self.key("원본 #1.pak");
        let old = self.put(&from, b"old bytes", WriteCondition::None).await.unwrap();
        self.put(&from, b"new", WriteCondition::None).await.unwrap();
        let source = ObjectRef::at(&from, old.version.unwrap());
        let to = self.key("사본 1.pak");
        let copied = self.store.copy(&source, &to, PutOptions::default()).await.unwrap();
        let object = ObjectRef::at(&to, copied.version.unwrap());
        assert_eq!(self.store.read(&object, 100).await.unwrap(), &b"old bytes"[..]);
        let expected = self.store.stat(&source).await.unwrap().unwrap();
        let stored = self.store.stat(&object).await.unwrap().unwrap();
        assert_eq!((stored.digest, stored.md5), (expected.digest, expected.md5));

        // A rollback copies a key onto itself.
        let back = self.store.copy(&source, &from, PutOptions::default()).await.unwrap();
        assert_eq!(self.store.read(&ObjectRef::newest(&from), 100).await.unwrap(), &b"old bytes"[..]);
        assert_eq!(self.store.versions(&from).await.unwrap()[0].version, back.version.unwrap());
    }

    async fn listings_are_complete(&self) {
        let prefix = self.key("listing/");
        for number in 0..25 {
            let key = format!("{prefix}{number:02} 한글");
            self.put(&key, &vec![0; number], WriteCondition::None).await.unwrap();
        }
        self.put(&self.key("listing.txt"), b"", WriteCondition::None).await.unwrap();
        let listed = self.store.list(&prefix).await.unwrap();
        let found: Vec<_> = listed.iter().map(|object| (object.key.clone(), object.length)).collect();
        let expected: Vec<_> = (0..25).map(|number| (format!("{prefix}{number:02} 한글"), number)).collect();
        assert_eq!(found, expected);
        assert!(listed.iter().all(|object| object.etag.starts_with('"')), "tags come with their quotes");
    }

    async fn listings_of_versions_are_complete(&self) {
        let prefix = self.key("versions/");
        for key in ["a", "b"] {
            for length in 0..3 {
                self.put(&format!("{prefix}{key}"), &vec![0; length], WriteCondition::None).await.unwrap();
            }
        }
        let page = self.store.version_page(&prefix, None).await.unwrap();
        let found: Vec<_> = page
            .versions
            .iter()
            .map(|(key, version)| (&key[prefix.len()..], version.length, version.newest))
            .collect();
        let expected: Vec<_> =
            ["a", "b"].iter().flat_map(|key| [(*key, 2, true), (*key, 1, false), (*key, 0, false)]).collect();
        assert_eq!(found, expected, "keys in their order, versions newest first");
        assert_eq!(page.next, None, "six versions are one page");
        let after =
            VersionMarker { key: page.versions[1].0.clone(), version: page.versions[1].1.version.clone() };
        let rest = self.store.version_page(&prefix, Some(after)).await.unwrap();
        assert_eq!(rest.versions, page.versions[2..], "a page begins after its marker");
    }

    async fn safety_is_proved(&self) {
        let keys = Keys::new(self.prefix);
        self.store.check_safety(&keys).await.unwrap();
        self.store.check_safety(&keys).await.unwrap();
    }
}
