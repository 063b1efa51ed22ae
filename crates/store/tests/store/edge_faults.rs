//! Everything that networks and caches do to an answer, and what the edge client makes of it.

use std::time::Duration;

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use naru_store::{
    Backoff, EdgeOptions, EdgeStore, FailureKind, LowestRate, ObjectRef, ReadStore, Retrying, StoreError,
};
use naru_testkit::{ChaosProxy, Fault, Nth, Origin, Rule};

const KEY: &str = "update/음악 1/a#b%c+d.pak";
const PATH: &str = "/update/%EC%9D%8C%EC%95%85%201/a%23b%25c%2Bd.pak";
const LENGTH: u64 = 300_000;

struct Rig {
    _origin: Origin,
    proxy: ChaosProxy,
    edge: EdgeStore,
    bytes: Bytes,
}

async fn rig() -> Rig {
    let bytes: Bytes = (0..LENGTH).map(|at| ((at / 256) ^ at) as u8).collect();
    let origin = Origin::start().await;
    origin.put(PATH, bytes.clone());
    let proxy = ChaosProxy::start(origin.address()).await;
    let options = EdgeOptions {
        connect_timeout: Duration::from_secs(2),
        stall_timeout: Duration::from_millis(300),
        lowest_rate: LowestRate { bytes: 2_000, waiting: Duration::from_millis(500) },
        ..EdgeOptions::default()
    };
    let edge = EdgeStore::new(&proxy.url(), options).unwrap();
    Rig { _origin: origin, proxy, edge, bytes }
}

fn object() -> ObjectRef {
    ObjectRef::at(KEY, "v/1=")
}

/// The bytes of a range, or the failure of the head or of the body.
async fn fetch(edge: &EdgeStore, start: u64, end: u64) -> Result<Vec<u8>, StoreError> {
    let mut body = edge.open(&object(), Some(start..end)).await?;
    assert_eq!((body.length, body.object_length), (Some(end - start), Some(LENGTH)));
    let mut bytes = Vec::new();
    while let Some(piece) = body.stream.next().await {
        bytes.extend_from_slice(&piece?);
    }
    Ok(bytes)
}

#[tokio::test]
async fn ranges_come_exactly_and_over_one_url_per_version() {
    let rig = rig().await;
    let got = fetch(&rig.edge, 1_000, 250_000).await.unwrap();
    assert_eq!(got, rig.bytes[1_000..250_000]);
    let whole = rig.edge.read(&object(), LENGTH).await.unwrap();
    assert_eq!(whole, rig.bytes);
    let seen = rig.proxy.seen();
    assert_eq!(
        seen[0].target,
        format!("{PATH}?versionId=v%2F1%3D"),
        "a cache keys on the exact spelling, so there is one"
    );
    assert_eq!(seen[0].range.as_deref(), Some("bytes=1000-249999"));
    assert_eq!(seen[1].range, None);
}

#[tokio::test]
async fn a_limit_holds_for_announced_bytes() {
    let rig = rig().await;
    let error = rig.edge.read(&object(), LENGTH - 1).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::BadAnswer);
}

#[tokio::test]
async fn a_key_that_a_url_parser_would_change_is_refused() {
    let rig = rig().await;
    for key in ["update/../other", "./update", "update/."] {
        let error = rig.edge.open(&ObjectRef::newest(key), None).await.err().unwrap();
        assert_eq!(error.kind, FailureKind::Fatal, "{key}");
    }
    assert_eq!(rig.proxy.seen().len(), 0, "nothing was asked for");
}

#[tokio::test]
async fn every_fault_is_sorted() {
    let text = |text: &str| text.to_owned();
    let head = |head: &'static str| Fault::Raw(Bytes::from_static(head.as_bytes()));
    let cases: Vec<(Fault, FailureKind, &str)> = vec![
        (Fault::TruncateAfter(1_000), FailureKind::Retryable, "closed in mid-body"),
        (Fault::ResetAfter(1_000), FailureKind::Retryable, "reset in mid-body"),
        (Fault::ResetAfter(0), FailureKind::Retryable, "reset after the head"),
        (Fault::DropRequest, FailureKind::Retryable, "reset before the head"),
        (Fault::Stall(1_000), FailureKind::Retryable, "nothing comes any more"),
        (Fault::Rate(1_000), FailureKind::Retryable, "slower than the lowest rate"),
        (Fault::OtherRange(100), FailureKind::BadAnswer, "206 at another offset"),
        (Fault::IgnoreRange, FailureKind::BadAnswer, "200 for a range"),
        (
            Fault::Header("Content-Range", text("bytes 10000-19998/300000")),
            FailureKind::BadAnswer,
            "short range",
        ),
        (Fault::Header("Content-Range", text("10000-19999")), FailureKind::BadAnswer, "no unit"),
        (Fault::LengthOff(10), FailureKind::BadAnswer, "too large Content-Length"),
        (Fault::LengthOff(-10), FailureKind::BadAnswer, "too small Content-Length"),
        (Fault::Header("Content-Encoding", text("gzip")), FailureKind::BadAnswer, "an unrequested coding"),
        (Fault::Header("x-amz-version-id", text("v2")), FailureKind::BadAnswer, "another version"),
        (Fault::Endless, FailureKind::BadAnswer, "no length at all"),
        (Fault::HeaderFlood, FailureKind::BadAnswer, "a head without end"),
        (head("SSH-2.0-OpenSSH_9.2\r\n\r\n"), FailureKind::BadAnswer, "not HTTP"),
        (
            head("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<html></>"),
            FailureKind::BadAnswer,
            "captive portal",
        ),
        (
            head(
                "HTTP/1.1 200 OK\r\nContent-Range: bytes 10000-19999/300000\r\nContent-Length: 10000\r\n\r\n",
            ),
            FailureKind::BadAnswer,
            "200 in the dress of a 206",
        ),
        (Fault::Status(302, vec![("Location", text(PATH))]), FailureKind::BadAnswer, "a redirect to itself"),
        (Fault::Status(403, vec![]), FailureKind::Denied, "forbidden"),
        (Fault::Status(404, vec![]), FailureKind::NotFound, "not there"),
        (Fault::Status(408, vec![]), FailureKind::Retryable, "time-out"),
        (Fault::Status(416, vec![]), FailureKind::BadAnswer, "range refused"),
        (Fault::Status(429, vec![]), FailureKind::Retryable, "too many requests"),
        (Fault::Status(500, vec![]), FailureKind::Retryable, "server error"),
        (Fault::Status(503, vec![]), FailureKind::Retryable, "unavailable"),
    ];
    let rig = rig().await;
    for (fault, kind, what) in cases {
        rig.proxy.clear();
        rig.proxy.inject(Rule::new("/update/", Nth::Every, fault.clone()));
        let error = fetch(&rig.edge, 10_000, 20_000).await.err();
        let error = error.unwrap_or_else(|| panic!("{what} passed as a sound answer: {fault:?}"));
        assert_eq!(error.kind, kind, "{what}: {error}");
    }
    rig.proxy.clear();
    let got = fetch(&rig.edge, 10_000, 20_000).await.unwrap();
    assert_eq!(got, rig.bytes[10_000..20_000], "no fault is remembered in a pooled connection");
}

/// What comes of an answer in the form that a proxy gives it: of a range, or of the whole.
async fn answered(
    head: &str,
    body: &[u8],
    range: Option<std::ops::Range<u64>>,
) -> Result<Vec<u8>, StoreError> {
    let rig = rig().await;
    let raw = [head.as_bytes(), b"\r\n\r\n", body].concat();
    rig.proxy.inject(Rule::new("/update/", Nth::Every, Fault::Raw(raw.into())));
    let due = range.as_ref().map_or(10, |range| range.end - range.start);
    let body = rig.edge.open(&object(), range).await?.of_length(&object(), due)?;
    let pieces: Vec<Bytes> = body.try_collect().await?;
    Ok(pieces.concat())
}

#[tokio::test]
async fn the_forms_that_proxies_give_an_answer_are_read() {
    let chunked = b"5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n";
    let part = Some(2_000..2_010);
    for (head, body, range) in [
        ("HTTP/1.1 203 Non-Authoritative Information\r\nContent-Length: 10", &b"0123456789"[..], None),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked", chunked, None),
        ("HTTP/1.1 203 Changed\r\nTransfer-Encoding: chunked", chunked, None),
        ("HTTP/1.1 200 OK\r\nConnection: close", b"0123456789", None),
        ("HTTP/1.0 200 OK", b"0123456789", None),
        (
            "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 2000-2009/*\r\nContent-Length: 10",
            b"0123456789",
            part.clone(),
        ),
        (
            "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 2000-2009/*\r\nTransfer-Encoding: chunked",
            chunked,
            part.clone(),
        ),
        (
            "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 2000-2009/300000\r\nConnection: close",
            b"0123456789",
            part.clone(),
        ),
    ] {
        let read = answered(head, body, range).await.unwrap_or_else(|error| panic!("{head}: {error}"));
        assert_eq!(read, b"0123456789", "every byte is held against a digest anyway: {head}");
    }
}

#[tokio::test]
async fn an_answer_without_a_length_is_held_to_what_is_due() {
    let closed = "HTTP/1.1 200 OK\r\nConnection: close";
    let part = "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-9/*\r\nConnection: close";
    for (head, body, range, kind) in [
        (closed, "012345678", None, FailureKind::Retryable),
        (closed, "0123456789a", None, FailureKind::BadAnswer),
        (part, "012345678", Some(0..10), FailureKind::Retryable),
        (part, "0123456789a", Some(0..10), FailureKind::BadAnswer),
        ("HTTP/1.1 203 Changed\r\nContent-Length: 10", "0123456789", Some(0..10), FailureKind::BadAnswer),
    ] {
        let failed = answered(head, body.as_bytes(), range).await.map_err(|error| error.kind);
        assert_eq!(failed, Err(kind), "{head} with {body}");
    }
    let rig = rig().await;
    rig.proxy.inject(Rule::new("/update/", Nth::Every, Fault::Endless));
    let body = rig.edge.open(&object(), None).await.unwrap().of_length(&object(), 100).unwrap();
    let read: Result<Vec<Bytes>, StoreError> = body.try_collect().await;
    assert_eq!(read.unwrap_err().kind, FailureKind::BadAnswer, "one that never ends is left");
    assert_eq!(rig.edge.read(&object(), 100).await.unwrap_err().kind, FailureKind::BadAnswer);
}

#[tokio::test]
async fn a_redirect_to_another_machine_in_the_open_is_refused() {
    let rig = rig().await;
    for location in ["http://cdn.example.com/x", "http://0.0.0.0:1/x", "ftp://127.0.0.1/x"] {
        rig.proxy.clear();
        let there = Fault::Status(302, vec![("Location", location.to_owned())]);
        rig.proxy.inject(Rule::new("/update/", Nth::Every, there));
        let error = fetch(&rig.edge, 0, 10).await.unwrap_err();
        assert_eq!(error.kind, FailureKind::BadAnswer, "{location}: {error}");
        assert_eq!(rig.proxy.seen().len(), 1, "{location}: it is not asked again");
    }
}

#[tokio::test]
async fn faults_that_only_a_digest_finds_keep_the_length() {
    let rig = rig().await;
    for fault in
        [Fault::FlipByte(5_000), Fault::RepeatFirst(500), Fault::SwapHalves, Fault::LyingRange(1_000)]
    {
        rig.proxy.clear();
        rig.proxy.inject(Rule::new("/update/", Nth::Every, fault.clone()));
        let got = fetch(&rig.edge, 10_000, 20_000).await.unwrap();
        assert_eq!(got.len(), 10_000, "{fault:?}");
        assert_ne!(got, rig.bytes[10_000..20_000], "{fault:?} did nothing");
    }
}

#[tokio::test]
async fn a_pause_below_the_stall_timeout_is_waited_out() {
    let rig = rig().await;
    let time = Duration::from_millis(100);
    rig.proxy.inject(Rule::new("/update/", Nth::Every, Fault::Pause { at: 500, time }));
    assert_eq!(fetch(&rig.edge, 0, 10_000).await.unwrap(), rig.bytes[..10_000]);
}

#[tokio::test]
async fn what_the_server_asks_to_wait_is_read() {
    let rig = rig().await;
    let busy = Fault::Status(503, vec![("Retry-After", "7".to_owned())]);
    rig.proxy.inject(Rule::new("/update/", Nth::Every, busy));
    let error = fetch(&rig.edge, 0, 10).await.unwrap_err();
    assert_eq!(error.status, Some(503));
    assert_eq!(error.retry_after, Some(Duration::from_secs(7)));
}

#[tokio::test]
async fn five_redirects_are_followed_and_a_sixth_is_not() {
    let rig = rig().await;
    let again = || Fault::Status(307, vec![("Location", format!("{PATH}?versionId=v/1="))]);
    rig.proxy.inject(Rule::new("/update/", Nth::First(5), again()));
    assert!(fetch(&rig.edge, 0, 10).await.is_ok());
    rig.proxy.clear();
    rig.proxy.inject(Rule::new("/update/", Nth::First(6), again()));
    assert_eq!(fetch(&rig.edge, 0, 10).await.unwrap_err().kind, FailureKind::BadAnswer);
}

#[tokio::test]
async fn a_refused_connection_is_retried() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let edge = EdgeStore::new(&url, EdgeOptions::default()).unwrap();
    let error = edge.stat(&object()).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Retryable, "{error}");
}

#[tokio::test]
async fn not_there_is_an_answer() {
    let rig = rig().await;
    let stored = rig.edge.stat(&object()).await.unwrap().unwrap();
    assert_eq!((stored.length, stored.version.as_deref()), (LENGTH, Some("v/1=")));
    assert_eq!(rig.edge.stat(&ObjectRef::newest("update/none")).await.unwrap(), None);
}

#[tokio::test]
async fn a_retrying_store_outlasts_what_passes() {
    let rig = rig().await;
    rig.proxy.inject(Rule::new("/update/", Nth::Only(1), Fault::DropRequest));
    rig.proxy.inject(Rule::new("/update/", Nth::Only(2), Fault::TruncateAfter(10)));
    rig.proxy.inject(Rule::new("/update/", Nth::Only(3), Fault::Status(503, vec![])));
    let store = Retrying::new(rig.edge.clone(), Backoff::seeded(1));
    assert_eq!(store.read(&object(), LENGTH).await.unwrap(), rig.bytes);
    assert_eq!(rig.proxy.seen().len(), 4);

    rig.proxy.clear();
    let store = Retrying::new(rig.edge.clone(), Backoff::seeded(1));
    let missing = store.read(&ObjectRef::newest("update/none"), LENGTH).await.unwrap_err();
    assert!(missing.is_not_found());
    assert_eq!(rig.proxy.seen().len(), 1, "what is not there is not asked for twice");
}
