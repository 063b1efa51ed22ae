//! Objects and their versions.

use aws_sdk_s3::types::{Delete, MetadataDirective, ObjectIdentifier};

use crate::support::{self, NO_VERSION, noise, refusal, refused};

#[tokio::test]
async fn every_put_is_a_version_that_stays() {
    let cloud = support::start().await;
    let first = cloud.put("update/a b/가.txt", "one").await;
    let second = cloud.put("update/a b/가.txt", "two").await;
    assert_ne!(first, second, "a version id names one put");
    assert_eq!(cloud.get("update/a b/가.txt").await, b"two");
    let old = cloud
        .s3
        .get_object()
        .bucket("naru")
        .key("update/a b/가.txt")
        .version_id(&first)
        .send()
        .await
        .unwrap();
    let old = old.body.collect().await.unwrap().to_vec();
    assert_eq!(old, b"one", "clients fetch by version: it never changes");

    let unknown = cloud.s3.get_object().bucket("naru").key("update/a b/가.txt");
    let unknown = unknown.version_id(NO_VERSION).send().await;
    assert_eq!(refusal(unknown), refused(404, "NoSuchVersion"));
}

#[tokio::test]
async fn headers_and_metadata_come_back() {
    let cloud = support::start().await;
    let put = cloud.s3.put_object().bucket("naru").key("a.html");
    let put = put
        .body(b"hello".to_vec().into())
        .content_type("text/html")
        .cache_control("max-age=5")
        .content_disposition("attachment")
        .metadata("md5", "5d41")
        .send()
        .await
        .unwrap();
    let md5_of_hello = "\"5d41402abc4b2a76b9719d911017c592\"";
    assert_eq!(put.e_tag.as_deref(), Some(md5_of_hello), "2017 clients compare MD5s");

    let head = cloud.s3.head_object().bucket("naru").key("a.html").send();
    let head = head.await.unwrap();
    assert_eq!(head.content_length, Some(5));
    assert_eq!(head.content_type.as_deref(), Some("text/html"));
    assert_eq!(head.cache_control.as_deref(), Some("max-age=5"));
    assert_eq!(head.content_disposition.as_deref(), Some("attachment"));
    assert_eq!(head.metadata.unwrap()["md5"], "5d41");
    assert_eq!(head.version_id, put.version_id);
}

#[tokio::test]
async fn ranges_and_conditions_on_reads() {
    let cloud = support::start().await;
    let body = noise(3_000_000, 1);
    cloud.put("big", body.clone()).await;
    let get = || cloud.s3.get_object().bucket("naru").key("big");

    for (range, from, to) in [
        ("bytes=0-9", 0, 10),
        ("bytes=999999-2500000", 999_999, 2_500_001),
        ("bytes=2999990-", 2_999_990, 3_000_000),
        ("bytes=-7", 2_999_993, 3_000_000),
    ] {
        let piece = get().range(range).send().await.unwrap();
        let expected = format!("bytes {from}-{}/3000000", to - 1);
        assert_eq!(piece.content_range.as_ref(), Some(&expected));
        let bytes = piece.body.collect().await.unwrap().to_vec();
        assert!(bytes == body[from..to], "{range} is those bytes");
    }
    let beyond = get().range("bytes=3000000-").send().await;
    assert_eq!(refusal(beyond), refused(416, "InvalidRange"));

    let etag = get().send().await.unwrap().e_tag.unwrap();
    let same = get().if_none_match(&etag).send().await;
    assert_eq!(refusal(same).0, 304, "what the client has is current");
    let other = get().if_match("\"0\"").send().await;
    assert_eq!(refusal(other), refused(412, "PreconditionFailed"));
    assert!(get().if_match(&etag).send().await.is_ok());
}

#[tokio::test]
async fn of_sixteen_conditional_puts_one_wins() {
    let cloud = support::start().await;
    for round in 0..4 {
        let key = format!("lock-{round}");
        let racers = (0..16).map(|racer| {
            let put = cloud.s3.put_object().bucket("naru").key(&key);
            let body = format!("{racer}").into_bytes().into();
            put.if_none_match("*").body(body).send()
        });
        let results = futures::future::join_all(racers).await;
        let won = results.iter().filter(|result| result.is_ok()).count();
        assert_eq!(won, 1, "two winners would be two publishers with the lock");
        for lost in results.into_iter().filter(|result| result.is_err()) {
            assert_eq!(refusal(lost), refused(412, "PreconditionFailed"));
        }
    }

    cloud.put("pointer", "0").await;
    let head = cloud.s3.head_object().bucket("naru").key("pointer");
    let etag = head.send().await.unwrap().e_tag.unwrap();
    let racers = (1..17).map(|racer| {
        let put = cloud.s3.put_object().bucket("naru").key("pointer");
        let body = format!("release {racer}").into_bytes().into();
        put.if_match(&etag).body(body).send()
    });
    let results = futures::future::join_all(racers).await;
    let won = results.iter().filter(|result| result.is_ok()).count();
    assert_eq!(won, 1, "the pointer moves once for one ETag, or a release is lost");

    let absent = cloud.s3.put_object().bucket("naru").key("absent");
    let absent = absent.if_match(&etag).send().await;
    assert_eq!(refusal(absent), refused(404, "NoSuchKey"));
    let wanted = cloud.s3.put_object().bucket("naru").key("pointer");
    let wanted = wanted.if_none_match(&etag).send().await;
    assert_eq!(refusal(wanted), refused(501, "NotImplemented"), "S3 takes * alone");
}

#[tokio::test]
async fn deleting_hides_and_deleting_a_version_removes() {
    let cloud = support::start().await;
    let first = cloud.put("a", "one").await;
    let second = cloud.put("a", "two").await;
    let delete = || cloud.s3.delete_object().bucket("naru").key("a");
    let get = || cloud.s3.get_object().bucket("naru").key("a");

    let marker = delete().send().await.unwrap();
    assert_eq!(marker.delete_marker, Some(true));
    let marker = marker.version_id.unwrap();
    assert_eq!(refusal(get().send().await), refused(404, "NoSuchKey"));
    let by_id = get().version_id(&marker).send().await;
    assert_eq!(refusal(by_id), refused(405, "MethodNotAllowed"));
    let kept = get().version_id(&first).send().await;
    assert!(kept.is_ok(), "a marker takes no version away");

    let unhidden = delete().version_id(&marker).send().await.unwrap();
    assert_eq!(unhidden.delete_marker, Some(true));
    assert_eq!(cloud.get("a").await, b"two");
    delete().version_id(&second).send().await.unwrap();
    assert_eq!(cloud.get("a").await, b"one", "the one before is current again");
    delete().version_id(&first).send().await.unwrap();
    assert_eq!(refusal(get().send().await), refused(404, "NoSuchKey"));
    let again = delete().version_id(&first).send().await;
    assert!(again.is_ok(), "deleting what is not there succeeds, as on S3");
}

#[tokio::test]
async fn many_are_deleted_in_one_request() {
    let cloud = support::start().await;
    let version = cloud.put("a", "1").await;
    cloud.put("b", "2").await;
    let object = |key: &str| ObjectIdentifier::builder().key(key);
    let delete = Delete::builder()
        .objects(object("a").version_id(version).build().unwrap())
        .objects(object("b").build().unwrap())
        .objects(object("never there").build().unwrap())
        .build()
        .unwrap();
    let request = cloud.s3.delete_objects().bucket("naru").delete(delete);
    let deleted = request.send().await.unwrap();
    assert_eq!(deleted.deleted().len(), 3);
    assert!(deleted.errors().is_empty());
    let left = cloud.s3.list_objects_v2().bucket("naru").send().await.unwrap();
    assert_eq!(left.key_count, Some(0));
}

#[tokio::test]
async fn an_older_version_is_copied_to_the_front() {
    let cloud = support::start().await;
    let put = cloud.s3.put_object().bucket("naru").key("a 가").metadata("n", "1");
    let first = put.body(b"one".to_vec().into()).send().await.unwrap();
    let first = first.version_id.unwrap();
    cloud.put("a 가", "two").await;
    let copy = || cloud.s3.copy_object().bucket("naru").key("a 가");

    let source = format!("naru/a%20%EA%B0%80?versionId={first}");
    let copied = copy().copy_source(&source).send().await.unwrap();
    assert_eq!(copied.copy_source_version_id.as_ref(), Some(&first));
    assert_eq!(cloud.get("a 가").await, b"one", "a rollback without an upload");
    let head = || cloud.s3.head_object().bucket("naru").key("a 가").send();
    assert_eq!(head().await.unwrap().metadata.unwrap()["n"], "1");

    let replace = copy().copy_source(&source).metadata_directive(MetadataDirective::Replace);
    replace.metadata("n", "2").send().await.unwrap();
    assert_eq!(head().await.unwrap().metadata.unwrap()["n"], "2");

    let to_itself = copy().copy_source("naru/a%20%EA%B0%80").send().await;
    assert_eq!(refusal(to_itself), refused(400, "InvalidRequest"));
    let mismatched = copy().copy_source(&source).copy_source_if_match("\"0\"");
    assert_eq!(refusal(mismatched.send().await), refused(412, "PreconditionFailed"));
}

#[tokio::test]
async fn a_large_object_arrives_whole_and_leaves_whole() {
    let cloud = support::start().await;
    let body = noise(20_000_000, 7);
    cloud.put("large", body.clone()).await;
    assert!(cloud.get("large").await == body, "20 MB through the streaming paths");
    let counters = cloud.cloud.counters();
    assert_eq!(counters.s3_puts, 1);
    assert_eq!(counters.s3_bytes_in, 20_000_000);
    assert_eq!(counters.s3_bytes_out, 20_000_000);
}

#[tokio::test]
async fn an_empty_object_is_an_object() {
    let cloud = support::start().await;
    cloud.put("empty", "").await;
    assert_eq!(cloud.get("empty").await, b"");
    let response = reqwest::get(cloud.edge_url("empty")).await.unwrap();
    assert_eq!((response.status().as_u16(), response.content_length()), (200, Some(0)));
}
