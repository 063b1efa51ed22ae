//! Where a stand-in is easily more lenient than S3: it must refuse what it does not support.

use std::collections::BTreeMap;

use aws_lc_rs::hmac;
use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{
    ChecksumAlgorithm, CompletedMultipartUpload, CompletedPart, Delete, MetadataDirective, ObjectAttributes,
    ObjectIdentifier, ServerSideEncryption, StorageClass, Tag, Tagging, TaggingDirective,
};
use base64::Engine;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::integrity::signed_put;
use crate::support::{self, Cloud, NO_VERSION, noise, refusal, refused};

const PART: usize = 5 << 20;

async fn tags(client: &Client, key: &str) -> BTreeMap<String, String> {
    let tags = client.get_object_tagging().bucket("naru").key(key).send().await.unwrap();
    tags.tag_set.into_iter().map(|tag| (tag.key, tag.value)).collect()
}

fn tag(name: &str, value: &str) -> Tag {
    Tag::builder().key(name).value(value).build().unwrap()
}

#[tokio::test]
async fn tags_class_and_encryption_come_back() {
    let cloud = support::start().await;
    let put = cloud.s3.put_object().bucket("naru").key("a").body(ByteStream::from_static(b"x"));
    let put = put.tagging("team=art%26sound&release=1").storage_class(StorageClass::StandardIa);
    let put = put.server_side_encryption(ServerSideEncryption::Aes256).send().await.unwrap();
    assert_eq!(put.server_side_encryption, Some(ServerSideEncryption::Aes256), "S3 says it at once");

    let get = cloud.s3.get_object().bucket("naru").key("a").send().await.unwrap();
    assert_eq!(get.storage_class, Some(StorageClass::StandardIa));
    assert_eq!(get.server_side_encryption, Some(ServerSideEncryption::Aes256));
    assert_eq!(get.tag_count, Some(2), "the count, as S3 gives it");
    let head = cloud.s3.head_object().bucket("naru").key("a").send().await.unwrap();
    assert_eq!(head.storage_class, Some(StorageClass::StandardIa));
    let list = cloud.s3.list_objects_v2().bucket("naru").send().await.unwrap();
    assert_eq!(list.contents()[0].storage_class().unwrap().as_str(), "STANDARD_IA");
    let both = [("release", "1"), ("team", "art&sound")].map(|(name, value)| (name.into(), value.into()));
    assert_eq!(tags(&cloud.s3, "a").await, both.into());

    let tagging = Tagging::builder().tag_set(tag("release", "2")).build().unwrap();
    cloud.s3.put_object_tagging().bucket("naru").key("a").tagging(tagging).send().await.unwrap();
    assert_eq!(tags(&cloud.s3, "a").await, [("release".into(), "2".into())].into());
    assert_eq!(cloud.get("a").await, b"x", "the bytes are as they were");
    cloud.s3.delete_object_tagging().bucket("naru").key("a").send().await.unwrap();
    assert_eq!(tags(&cloud.s3, "a").await, BTreeMap::new());
}

#[tokio::test]
async fn tags_that_s3_does_not_take_are_refused() {
    let cloud = support::start().await;
    let put = |tagging: &str| cloud.s3.put_object().bucket("naru").key("a").tagging(tagging).send();
    let eleven: Vec<String> = (0..11).map(|number| format!("{number}=x")).collect();
    assert_eq!(refusal(put(&eleven.join("&")).await).0, 400, "ten at most");
    assert_eq!(refusal(put("a=1&a=2").await), refused(400, "InvalidTag"));
    assert_eq!(refusal(put(&format!("{}=1", "k".repeat(129))).await), refused(400, "InvalidTag"));
    let absent = cloud.s3.get_object_tagging().bucket("naru").key("a").send().await;
    assert_eq!(refusal(absent), refused(404, "NoSuchKey"), "nothing of it was written");
}

#[tokio::test]
async fn a_copy_takes_tags_along_and_no_class() {
    let cloud = support::start().await;
    let put = cloud.s3.put_object().bucket("naru").key("a").tagging("a=1");
    put.storage_class(StorageClass::StandardIa).send().await.unwrap();
    let copy = || cloud.s3.copy_object().bucket("naru").copy_source("naru/a");
    copy().key("b").send().await.unwrap();
    assert_eq!(tags(&cloud.s3, "b").await, [("a".into(), "1".into())].into());
    let head = cloud.s3.head_object().bucket("naru").key("b").send().await.unwrap();
    assert_eq!(head.storage_class, None, "the class is each request's own; STANDARD is not said");

    let replaced = copy().key("c").tagging_directive(TaggingDirective::Replace).tagging("b=2");
    replaced.send().await.unwrap();
    assert_eq!(tags(&cloud.s3, "c").await, [("b".into(), "2".into())].into());
    let renamed = copy().key("d").metadata_directive(MetadataDirective::Replace).send().await;
    renamed.unwrap();
    assert_eq!(tags(&cloud.s3, "d").await, [("a".into(), "1".into())].into(), "metadata is another matter");
    let same = copy().key("a").storage_class(StorageClass::GlacierIr).send().await.unwrap();
    assert!(same.version_id.is_some(), "a new class is a change, so an object may be copied onto itself");
}

/// A header that S3 acts upon and this endpoint does not: 501 and no object.
#[tokio::test]
async fn what_is_not_done_is_not_promised() {
    let cloud = support::start().await;
    for (header, value, status, code) in [
        ("x-amz-server-side-encryption", "aws:kms", 501, "NotImplemented"),
        ("x-amz-server-side-encryption-customer-algorithm", "AES256", 501, "NotImplemented"),
        ("x-amz-object-lock-mode", "COMPLIANCE", 501, "NotImplemented"),
        ("x-amz-object-lock-legal-hold", "ON", 501, "NotImplemented"),
        ("x-amz-website-redirect-location", "/b", 501, "NotImplemented"),
        ("x-amz-grant-read", "id=1", 501, "NotImplemented"),
        ("x-amz-expected-bucket-owner", "111111111111", 501, "NotImplemented"),
        ("x-amz-write-offset-bytes", "0", 501, "NotImplemented"),
        ("expires", "Thu, 01 Dec 2033 16:00:00 GMT", 501, "NotImplemented"),
        ("x-amz-storage-class", "DEEP_ARCHIVE", 501, "NotImplemented"),
        ("x-amz-storage-class", "CHEAPEST", 400, "InvalidStorageClass"),
        ("x-amz-acl", "public-read", 400, "AccessControlListNotSupported"),
    ] {
        let put = cloud.s3.put_object().bucket("naru").key("a").customize();
        let put = put.mutate_request(move |request| {
            request.headers_mut().insert(header, value);
        });
        assert_eq!(refusal(put.send().await), refused(status, code), "{header}: {value}");
    }
    let head = cloud.s3.head_object().bucket("naru").key("a").send().await;
    assert_eq!(refusal(head).0, 404, "nothing of it was written");
    let private = cloud.s3.put_object().bucket("naru").key("a");
    private.acl(aws_sdk_s3::types::ObjectCannedAcl::BucketOwnerFullControl).send().await.unwrap();
}

#[tokio::test]
async fn an_empty_bucket_can_go_and_no_other() {
    let cloud = support::start().await;
    cloud.s3.create_bucket().bucket("other").send().await.unwrap();
    let put = cloud.s3.put_object().bucket("other").key("a").send().await.unwrap();
    let delete = || cloud.s3.delete_bucket().bucket("other").send();
    assert_eq!(refusal(delete().await), refused(409, "BucketNotEmpty"));
    let marker = cloud.s3.delete_object().bucket("other").key("a").send().await.unwrap();
    assert_eq!(refusal(delete().await), refused(409, "BucketNotEmpty"), "old versions and markers count");
    for version in [put.version_id, marker.version_id] {
        let gone = cloud.s3.delete_object().bucket("other").key("a").version_id(version.unwrap());
        gone.send().await.unwrap();
    }
    cloud.s3.create_multipart_upload().bucket("other").key("b").send().await.unwrap();
    delete().await.unwrap();
    assert_eq!(refusal(delete().await), refused(404, "NoSuchBucket"));
    cloud.s3.create_bucket().bucket("other").send().await.unwrap();
    let uploads = cloud.s3.list_multipart_uploads().bucket("other").send().await.unwrap();
    assert_eq!(uploads.uploads().len(), 0, "a new bucket of that name has nothing of the old one");
}

async fn upload_in_parts(cloud: &Cloud, sizes: &[usize]) -> Vec<Vec<u8>> {
    let client = support::s3_with_checksums(&cloud.cloud);
    let begun = client.create_multipart_upload().bucket("naru").key("parts");
    let begun = begun.checksum_algorithm(ChecksumAlgorithm::Sha256).send().await.unwrap();
    let id = begun.upload_id.unwrap();
    let (mut bodies, mut done) = (Vec::new(), CompletedMultipartUpload::builder());
    // Numbers may have gaps: the parts of the object count from 1 all the same.
    for (number, size) in (1..).step_by(3).zip(sizes) {
        let body = noise(*size, number as u64);
        let part = client.upload_part().bucket("naru").key("parts").upload_id(&id).part_number(number);
        let part = part.checksum_algorithm(ChecksumAlgorithm::Sha256).body(body.clone().into());
        let part = part.send().await.unwrap();
        let part = CompletedPart::builder().part_number(number).e_tag(part.e_tag.unwrap());
        done = done.parts(part.build());
        bodies.push(body);
    }
    let complete = client.complete_multipart_upload().bucket("naru").key("parts").upload_id(id);
    complete.multipart_upload(done.build()).send().await.unwrap();
    bodies
}

#[tokio::test]
async fn a_part_is_read_by_its_number() {
    let cloud = support::start().await;
    let bodies = upload_in_parts(&cloud, &[PART, PART + 1, 3]).await;
    let get = |number| cloud.s3.get_object().bucket("naru").key("parts").part_number(number);
    for (number, body) in (1..).zip(&bodies) {
        let part = get(number).send().await.unwrap();
        assert_eq!(part.parts_count, Some(3));
        let range = part.content_range.clone().unwrap();
        assert!(range.ends_with(&format!("/{}", 2 * PART + 4)), "where the part stands: {range}");
        assert_eq!(part.body.collect().await.unwrap().to_vec(), *body, "part {number}");
        let head =
            cloud.s3.head_object().bucket("naru").key("parts").part_number(number).send().await.unwrap();
        assert_eq!((head.content_length, head.parts_count), (Some(body.len() as i64), Some(3)));
    }
    assert_eq!(refusal(get(4).send().await), refused(416, "InvalidPartNumber"));
    let both = get(1).range("bytes=0-1").send().await;
    assert_eq!(refusal(both), refused(400, "InvalidRequest"), "a range of a part is nothing that S3 has");

    cloud.put("whole", "text").await;
    let whole = cloud.s3.get_object().bucket("naru").key("whole");
    let first = whole.clone().part_number(1).send().await.unwrap();
    assert_eq!(first.body.collect().await.unwrap().to_vec(), b"text", "an object is its own first part");
    assert_eq!(refusal(whole.part_number(2).send().await), refused(416, "InvalidPartNumber"));
}

#[tokio::test]
async fn attributes_are_those_that_were_asked_for() {
    let cloud = support::start().await;
    upload_in_parts(&cloud, &[PART, 7]).await;
    let ask = || cloud.s3.get_object_attributes().bucket("naru").key("parts");
    let all = ask()
        .object_attributes(ObjectAttributes::Etag)
        .object_attributes(ObjectAttributes::Checksum)
        .object_attributes(ObjectAttributes::ObjectParts)
        .object_attributes(ObjectAttributes::ObjectSize)
        .object_attributes(ObjectAttributes::StorageClass)
        .send()
        .await
        .unwrap();
    assert_eq!(all.object_size, Some(PART as i64 + 7));
    assert!(all.e_tag.unwrap().trim_matches('"').ends_with("-2"), "two parts");
    assert!(all.checksum.unwrap().checksum_sha256.unwrap().ends_with("-2"), "of the parts' checksums");
    assert_eq!(all.storage_class, Some(StorageClass::Standard));
    let parts = all.object_parts.unwrap();
    assert_eq!(parts.total_parts_count, Some(2));
    let sizes: Vec<_> = parts.parts().iter().map(|part| (part.part_number, part.size)).collect();
    assert_eq!(sizes, [(Some(1), Some(PART as i64)), (Some(2), Some(7))]);

    let size = ask().object_attributes(ObjectAttributes::ObjectSize).send().await.unwrap();
    assert!(size.e_tag.is_none() && size.object_parts.is_none(), "the rest was not asked for");
    let page = ask().object_attributes(ObjectAttributes::ObjectParts).max_parts(1).part_number_marker("1");
    let page = page.send().await.unwrap().object_parts.unwrap();
    assert_eq!((page.parts().len(), page.is_truncated), (1, Some(false)), "the second page is the last");
}

#[tokio::test]
async fn a_delete_may_have_a_condition() {
    let cloud = support::start().await;
    let put = cloud.s3.put_object().bucket("naru").key("a").body(ByteStream::from_static(b"1"));
    let etag = put.send().await.unwrap().e_tag.unwrap();
    let delete = |etag: &str| cloud.s3.delete_object().bucket("naru").key("a").if_match(etag).send();
    let wrong = "\"00000000000000000000000000000000\"";
    assert_eq!(refusal(delete(wrong).await), refused(412, "PreconditionFailed"));
    assert_eq!(cloud.get("a").await, b"1", "it is still there");
    delete(&etag).await.unwrap();
    assert_eq!(refusal(delete("*").await), refused(412, "PreconditionFailed"), "a marker is no object");
    let absent = cloud.s3.delete_object().bucket("naru").key("never").if_match("*").send().await;
    assert_eq!(refusal(absent), refused(404, "NoSuchKey"));

    cloud.put("b", "1").await;
    cloud.put("c", "1").await;
    let object = |key: &str, etag: &str| ObjectIdentifier::builder().key(key).e_tag(etag).build().unwrap();
    let many = Delete::builder().objects(object("b", wrong)).objects(object("c", &etag)).build().unwrap();
    let many = cloud.s3.delete_objects().bucket("naru").delete(many).send().await.unwrap();
    let errors: Vec<_> = many.errors().iter().map(|error| (error.key(), error.code())).collect();
    assert_eq!(errors, [(Some("b"), Some("PreconditionFailed"))], "each object has its own condition");
    assert_eq!(many.deleted()[0].key(), Some("c"), "and the others go");
}

#[tokio::test]
async fn a_malformed_version_id_is_told_from_an_unknown_one() {
    let cloud = support::start().await;
    cloud.put("a", "x").await;
    for (id, expected) in
        [(NO_VERSION, refused(404, "NoSuchVersion")), ("x", refused(400, "InvalidArgument"))]
    {
        let get = cloud.s3.get_object().bucket("naru").key("a").version_id(id).send().await;
        assert_eq!(refusal(get), expected, "get {id}");
        let tags = cloud.s3.get_object_tagging().bucket("naru").key("a").version_id(id).send().await;
        assert_eq!(refusal(tags), expected, "tags of {id}");
        let source = format!("naru/a?versionId={id}");
        let copy = cloud.s3.copy_object().bucket("naru").key("b").copy_source(source).send().await;
        assert_eq!(refusal(copy), expected, "copy of {id}");
    }
    let delete = cloud.s3.delete_object().bucket("naru").key("a").version_id("x").send().await;
    assert_eq!(refusal(delete), refused(400, "InvalidArgument"));
    let head = cloud.s3.head_object().bucket("naru").key("a").version_id("x").send().await;
    assert_eq!(refusal(head).0, 400, "a HEAD has no body to say more");
    let edge = reqwest::get(cloud.edge_url("a?versionId=x")).await.unwrap();
    assert_eq!(edge.status().as_u16(), 400, "the edge passes on what S3 says");
}

/// As the AWS CLI puts an empty file: it waits for `100 Continue` before it reads an answer.
#[tokio::test]
async fn an_empty_put_that_expects_a_100_has_it() {
    let cloud = support::start().await;
    let expires = aws_sdk_s3::presigning::PresigningConfig::expires_in(std::time::Duration::from_secs(60));
    let put = cloud.s3.put_object().bucket("naru").key("empty").presigned(expires.unwrap()).await.unwrap();
    let (host, target) = put.uri().strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).await.unwrap();
    for _ in 0..2 {
        let head = format!(
            "PUT /{target} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nExpect: 100-continue\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        while !(answer.contains("HTTP/1.1 200") && answer.ends_with("\r\n\r\n")) {
            let mut bytes = Vec::new();
            assert_ne!(stream.read_buf(&mut bytes).await.unwrap(), 0, "the connection stays open: {answer}");
            answer += std::str::from_utf8(&bytes).unwrap();
        }
        let first = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n";
        assert!(
            answer.starts_with(first),
            "the client continues after the 100 and gets its answer: {answer}"
        );
    }
    assert_eq!(cloud.get("empty").await, b"");
}

#[tokio::test]
async fn a_clock_that_is_a_quarter_of_an_hour_off_is_refused() {
    let cloud = support::start().await;
    let put = async |minutes: i64| {
        let time = jiff::Timestamp::now() + jiff::SignedDuration::from_mins(minutes);
        let body = "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n";
        let answer = signed_put(&cloud.cloud, "a", time).body(body).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    for minutes in [-16, 16] {
        let (status, text) = put(minutes).await;
        assert_eq!(status, 403, "{minutes} minutes: {text}");
        assert!(text.contains("<Code>RequestTimeTooSkewed</Code>"), "SDKs set their clock by this: {text}");
    }
    for minutes in [-14, 14] {
        assert_eq!(put(minutes).await.0, 200, "{minutes} minutes are near enough");
    }
}

/// Regions of today take no Signature Version 2.
#[tokio::test]
async fn the_old_signature_is_refused() {
    let cloud = support::start().await;
    cloud.put("a", "text").await;
    let (at, keys) = (cloud.cloud.endpoints(), cloud.cloud.publisher());
    let expires = "4102444800";
    let secret = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, keys.secret_access_key.as_bytes());
    let signature = hmac::sign(&secret, format!("GET\n\n\n{expires}\n/naru/a").as_bytes());
    let signature = base64::engine::general_purpose::STANDARD.encode(signature);
    let query = [("AWSAccessKeyId", &*keys.access_key_id), ("Expires", expires), ("Signature", &*signature)];
    let signed = url::Url::parse_with_params(&format!("{}/naru/a", at.s3_url), query).unwrap();
    let answer = reqwest::get(signed).await.unwrap();
    assert_eq!(answer.status().as_u16(), 400, "a right signature of the wrong kind");
    let text = answer.text().await.unwrap();
    assert!(text.contains("Please use AWS4-HMAC-SHA256"), "and it says which is right: {text}");
}
