//! The edge over plain HTTP.

use std::time::Duration;

use naru_local_cloud::{Config, LocalCloud};

use crate::support::{self, NO_VERSION, noise, publisher, s3};

fn header<'a>(response: &'a reqwest::Response, name: &str) -> Option<&'a str> {
    response.headers().get(name).map(|value| value.to_str().unwrap())
}

#[tokio::test]
async fn objects_and_versions_are_served_and_cached() {
    let cloud = support::start().await;
    let first = cloud.put("update/게임/a b.bin", "one").await;
    cloud.put("update/게임/a b.bin", "two").await;
    let url = cloud.edge_url("update/%EA%B2%8C%EC%9E%84/a%20b.bin");

    let miss = reqwest::get(&url).await.unwrap();
    assert_eq!(header(&miss, "x-cache"), Some("Miss from cloudfront"));
    assert_eq!(header(&miss, "accept-ranges"), Some("bytes"));
    assert_eq!(miss.text().await.unwrap(), "two");
    let hit = reqwest::get(format!("{url}?cache=no")).await.unwrap();
    assert_eq!(header(&hit, "x-cache"), Some("Hit from cloudfront"), "only versionId is in the key");
    assert_eq!(header(&hit, "age"), Some("0"));

    let version = reqwest::get(format!("{url}?versionId={first}")).await.unwrap();
    assert_eq!(header(&version, "x-cache"), Some("Miss from cloudfront"));
    assert_eq!(header(&version, "x-amz-version-id"), Some(first.as_str()));
    assert_eq!(version.text().await.unwrap(), "one");

    let head = reqwest::Client::new().head(&url).send().await.unwrap();
    assert_eq!(header(&head, "content-length"), Some("3"));
    let counters = cloud.cloud.counters();
    assert_eq!((counters.edge_requests, counters.edge_hits), (4, 2));
    assert_eq!(counters.edge_bytes_out, 9, "HEAD sends no body");
}

#[tokio::test]
async fn ranges_resume_a_download() {
    let cloud = support::start().await;
    for (key, size) in [("small", 1000), ("large", 3_000_000)] {
        let body = noise(size, 17);
        cloud.put(key, body.clone()).await;
        let client = reqwest::Client::new();
        let get = |range: &str| client.get(cloud.edge_url(key)).header("range", range).send();

        let piece = get("bytes=100-299").await.unwrap();
        assert_eq!(piece.status().as_u16(), 206);
        let expected = format!("bytes 100-299/{size}");
        assert_eq!(header(&piece, "content-range"), Some(expected.as_str()));
        assert!(piece.bytes().await.unwrap() == body[100..300]);
        let rest = get("bytes=600-").await.unwrap().bytes().await.unwrap();
        assert!(rest == body[600..], "{key}: resuming in mid-file");
        let several = get("bytes=0-1,5-6").await.unwrap();
        assert_eq!(several.status().as_u16(), 200, "several ranges get the whole");
        assert!(several.bytes().await.unwrap() == body);
        let beyond = get(&format!("bytes={size}-")).await.unwrap();
        assert_eq!(beyond.status().as_u16(), 416);
        let expected = format!("bytes */{size}");
        assert_eq!(header(&beyond, "content-range"), Some(expected.as_str()));

        let other = client.get(cloud.edge_url(key)).header("range", "bytes=0-9");
        let other = other.header("if-range", "\"other\"").send().await.unwrap();
        assert_eq!(other.status().as_u16(), 200, "a piece of another object is no use");
    }
}

#[tokio::test]
async fn conditions_and_refusals() {
    let cloud = support::start().await;
    let version = cloud.put("a", "body").await;
    let client = reqwest::Client::new();
    let url = cloud.edge_url("a");
    let etag = client.get(&url).send().await.unwrap();
    let etag = header(&etag, "etag").unwrap().to_owned();
    let same = client.get(&url).header("if-none-match", &etag).send().await.unwrap();
    assert_eq!(same.status().as_u16(), 304);
    assert_eq!(header(&same, "etag"), Some(etag.as_str()));

    let absent = client.get(cloud.edge_url("absent")).send().await.unwrap();
    assert_eq!(absent.status().as_u16(), 404);
    assert!(absent.text().await.unwrap().contains("<Code>NoSuchKey</Code>"));
    let unknown = client.get(format!("{url}?versionId={NO_VERSION}")).send().await.unwrap();
    assert_eq!(unknown.status().as_u16(), 404);
    assert!(unknown.text().await.unwrap().contains("<Code>NoSuchVersion</Code>"));
    let put = client.put(&url).body("x").send().await.unwrap();
    assert_eq!(put.status().as_u16(), 403, "the edge is for reading");
    let list = client.get(cloud.edge_url("")).send().await.unwrap();
    assert_eq!(list.status().as_u16(), 403, "the bucket cannot be listed through the edge");

    let gone = cloud.s3.delete_object().bucket("naru").key("a").version_id(version);
    gone.send().await.unwrap();
    let kept = client.get(&url).send().await.unwrap();
    assert_eq!(kept.status().as_u16(), 200, "the edge still has what it cached");
}

#[tokio::test]
async fn a_large_version_that_was_removed_is_not_served_for_ever() {
    let cloud = support::start().await;
    cloud.put("a", noise(200_000, 29)).await;
    let second = cloud.put("a", noise(300_000, 31)).await;
    let url = cloud.edge_url("a");
    let size = || async { reqwest::get(&url).await.unwrap().bytes().await.unwrap().len() };
    assert_eq!(size().await, 300_000);
    let delete = cloud.s3.delete_object().bucket("naru").key("a").version_id(second);
    delete.send().await.unwrap();
    assert_eq!(size().await, 200_000, "its bytes are gone; the bucket has an older one");
}

#[tokio::test]
async fn a_lifetime_ends() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config { edge_lifetime: Duration::from_millis(300), ..Config::new(folder.path()) };
    let cloud = LocalCloud::start(config).await.unwrap();
    let s3 = s3(&cloud, publisher(&cloud));
    let put = |body: &str| {
        let body = body.as_bytes().to_vec().into();
        s3.put_object().bucket("naru").key("a").body(body).send()
    };
    let url = format!("{}a", cloud.endpoints().edge_url);
    put("1").await.unwrap();
    assert_eq!(reqwest::get(&url).await.unwrap().text().await.unwrap(), "1");
    put("2").await.unwrap();
    tokio::time::sleep(Duration::from_millis(350)).await;
    let fresh = reqwest::get(&url).await.unwrap();
    assert_eq!(header(&fresh, "x-cache"), Some("Miss from cloudfront"));
    assert_eq!(fresh.text().await.unwrap(), "2");
    tokio::time::sleep(Duration::from_millis(350)).await;
    let same = reqwest::get(&url).await.unwrap();
    assert_eq!(header(&same, "x-cache"), Some("RefreshHit from cloudfront"));
}

/// Clients of 2017 put keys into URLs as they are; the real S3 then reads a plus as a space.
#[tokio::test]
async fn a_plus_in_an_address_is_a_space() {
    let cloud = support::start().await;
    cloud.put("update/a+b.bin", "plus").await;
    cloud.put("update/a b.bin", "space").await;
    let get = async |path: &str| reqwest::get(cloud.edge_url(path)).await.unwrap().text().await.unwrap();
    assert_eq!(get("update/a+b.bin").await, "space", "as S3 behind CloudFront reads it");
    assert_eq!(get("update/a%2Bb.bin").await, "plus", "a key with a plus is to be encoded");
    assert_eq!(get("update/a%20b.bin").await, "space");
}
