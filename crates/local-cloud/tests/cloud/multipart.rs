//! Multipart uploads.

use aws_sdk_s3::types::{
    ChecksumAlgorithm, ChecksumMode, ChecksumType, CompletedMultipartUpload, CompletedPart,
};

use crate::support::{self, Cloud, noise, refusal, refused};

const PART: usize = 5 << 20;

async fn begin(cloud: &Cloud, key: &str) -> String {
    let create = cloud.s3.create_multipart_upload().bucket("naru").key(key);
    let create = create.content_type("application/x-big").send().await;
    create.unwrap().upload_id.unwrap()
}

async fn part(cloud: &Cloud, key: &str, upload: &str, number: i32, body: &[u8]) -> CompletedPart {
    let put = cloud.s3.upload_part().bucket("naru").key(key).upload_id(upload);
    let put = put.part_number(number).body(body.to_vec().into());
    let etag = put.send().await.unwrap().e_tag.unwrap();
    CompletedPart::builder().part_number(number).e_tag(etag).build()
}

fn complete(
    cloud: &Cloud,
    key: &str,
    upload: &str,
    parts: &[CompletedPart],
) -> aws_sdk_s3::operation::complete_multipart_upload::builders::CompleteMultipartUploadFluentBuilder {
    let parts = CompletedMultipartUpload::builder().set_parts(Some(parts.to_vec()));
    cloud
        .s3
        .complete_multipart_upload()
        .bucket("naru")
        .key(key)
        .upload_id(upload)
        .multipart_upload(parts.build())
}

#[tokio::test]
async fn parts_become_one_object() {
    let cloud = support::start().await;
    let body = noise(2 * PART + 1000, 9);
    let upload = begin(&cloud, "big").await;
    // Out of order, and one of them twice: the last one of a number counts.
    let third = part(&cloud, "big", &upload, 3, &body[2 * PART..]).await;
    part(&cloud, "big", &upload, 1, b"replaced").await;
    let first = part(&cloud, "big", &upload, 1, &body[..PART]).await;
    let second = part(&cloud, "big", &upload, 2, &body[PART..2 * PART]).await;

    let listed = cloud.s3.list_parts().bucket("naru").key("big").upload_id(&upload);
    let listed = listed.send().await.unwrap();
    let sizes = listed.parts().iter().map(|part| part.size.unwrap());
    assert_eq!(sizes.sum::<i64>(), 2 * PART as i64 + 1000);
    let open = cloud.s3.list_multipart_uploads().bucket("naru").send().await.unwrap();
    assert_eq!(open.uploads()[0].key(), Some("big"));

    let swapped = complete(&cloud, "big", &upload, &[second.clone(), first.clone()]);
    assert_eq!(refusal(swapped.send().await), refused(400, "InvalidPartOrder"));
    let unknown = CompletedPart::builder().part_number(1).e_tag("\"0\"").build();
    let unknown = complete(&cloud, "big", &upload, &[unknown]);
    assert_eq!(refusal(unknown.send().await), refused(400, "InvalidPart"));
    let small = complete(&cloud, "big", &upload, std::slice::from_ref(&third));
    assert!(small.send().await.is_ok(), "the last part may be small");

    let upload = begin(&cloud, "big").await;
    let mut parts = Vec::new();
    for (number, bytes) in (1..).zip(body.chunks(PART)) {
        parts.push(part(&cloud, "big", &upload, number, bytes).await);
    }
    let done = complete(&cloud, "big", &upload, &parts).send().await.unwrap();
    assert!(done.e_tag.as_ref().unwrap().ends_with("-3\""), "{:?}", done.e_tag);
    assert!(cloud.get("big").await == body);
    let again = complete(&cloud, "big", &upload, &parts).send().await.unwrap();
    assert_eq!(again.version_id, done.version_id, "a lost answer is given again");
    let head = cloud.s3.head_object().bucket("naru").key("big").send().await.unwrap();
    assert_eq!(head.content_type(), Some("application/x-big"));
}

#[tokio::test]
async fn too_small_parts_and_aborted_uploads_are_refused() {
    let cloud = support::start().await;
    let upload = begin(&cloud, "a").await;
    let parts = [part(&cloud, "a", &upload, 1, b"small").await, part(&cloud, "a", &upload, 2, b"last").await];
    let done = complete(&cloud, "a", &upload, &parts).send().await;
    assert_eq!(refusal(done), refused(400, "EntityTooSmall"));
    let abort = cloud.s3.abort_multipart_upload().bucket("naru").key("a");
    abort.upload_id(&upload).send().await.unwrap();
    let done = complete(&cloud, "a", &upload, &parts).send().await;
    assert_eq!(refusal(done), refused(404, "NoSuchUpload"));
    let blobs = walk(&cloud.folder.path().join("blobs"));
    assert_eq!(blobs, 0, "an aborted upload keeps no bytes");
}

fn walk(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { walk(&path) } else { 1 }).sum()
}

#[tokio::test]
async fn of_sixteen_conditional_completions_one_wins() {
    let cloud = support::start().await;
    let mut racers = Vec::new();
    for n in 0..16 {
        let upload = begin(&cloud, "a").await;
        let only = part(&cloud, "a", &upload, 1, format!("{n}").as_bytes()).await;
        racers.push(complete(&cloud, "a", &upload, &[only]).if_none_match("*").send());
    }
    let results = futures::future::join_all(racers).await;
    let won = results.iter().filter(|result| result.is_ok()).count();
    assert_eq!(won, 1, "a large object can be the contested one too");
    for lost in results.into_iter().filter(|result| result.is_err()) {
        assert_eq!(refusal(lost), refused(412, "PreconditionFailed"));
    }
}

#[tokio::test]
async fn parts_are_copied_from_objects() {
    let cloud = support::start().await;
    let body = noise(PART + 500, 11);
    let version = cloud.put("source", body.clone()).await;
    cloud.put("source", "newer").await;
    let upload = begin(&cloud, "copy").await;
    let mut parts = Vec::new();
    for (number, range) in [(1, format!("bytes=0-{}", PART - 1)), (2, format!("bytes={PART}-{}", PART + 499))]
    {
        let copy = cloud.s3.upload_part_copy().bucket("naru").key("copy");
        let copy = copy.upload_id(&upload).part_number(number).copy_source_range(range);
        let copy = copy.copy_source(format!("naru/source?versionId={version}"));
        let etag = copy.send().await.unwrap().copy_part_result.unwrap().e_tag.unwrap();
        parts.push(CompletedPart::builder().part_number(number).e_tag(etag).build());
    }
    complete(&cloud, "copy", &upload, &parts).send().await.unwrap();
    assert!(cloud.get("copy").await == body, "the old version's bytes, never uploaded again");
}

#[tokio::test]
async fn checksums_of_parts_and_of_the_whole() {
    let cloud = support::start().await;
    let body = noise(PART + 77, 13);
    let client = support::s3_with_checksums(&cloud.cloud);
    for (algorithm, kind) in [
        (ChecksumAlgorithm::Crc32, ChecksumType::Composite),
        (ChecksumAlgorithm::Crc32, ChecksumType::FullObject),
        (ChecksumAlgorithm::Crc64Nvme, ChecksumType::FullObject),
    ] {
        let create = cloud.s3.create_multipart_upload().bucket("naru").key("sum");
        let create = create.checksum_algorithm(algorithm.clone()).checksum_type(kind.clone());
        let upload = create.send().await.unwrap().upload_id.unwrap();
        let mut parts = Vec::new();
        for (number, bytes) in (1..).zip(body.chunks(PART)) {
            let put = client.upload_part().bucket("naru").key("sum").upload_id(&upload);
            let put = put.part_number(number).checksum_algorithm(algorithm.clone());
            let put = put.body(bytes.to_vec().into()).send().await.unwrap();
            let done = CompletedPart::builder().part_number(number);
            let done = done.set_e_tag(put.e_tag).set_checksum_crc32(put.checksum_crc32);
            parts.push(done.set_checksum_crc64_nvme(put.checksum_crc64_nvme).build());
        }
        let wrong = complete(&cloud, "sum", &upload, &parts);
        let wrong = match algorithm {
            ChecksumAlgorithm::Crc32 => wrong.checksum_crc32("AAAAAA=="),
            _ => wrong.checksum_crc64_nvme("AAAAAAAAAAA="),
        };
        assert_eq!(refusal(wrong.send().await), refused(400, "BadDigest"));
        complete(&cloud, "sum", &upload, &parts).send().await.unwrap();

        let get = cloud.s3.get_object().bucket("naru").key("sum");
        let got = get.checksum_mode(ChecksumMode::Enabled).send().await.unwrap();
        assert_eq!(got.checksum_type(), Some(&kind));
        let sum = got.checksum_crc32().or(got.checksum_crc64_nvme()).unwrap();
        assert_eq!(sum.ends_with("-2"), kind == ChecksumType::Composite);
        // For a whole-object checksum the SDK holds these bytes against it.
        assert!(got.body.collect().await.unwrap().to_vec() == body);
    }
}
