//! Wrong bytes, wrong signatures: nothing of it may become an object.

use aws_credential_types::Credentials;
use aws_sdk_s3::config::RequestChecksumCalculation;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::put_object::PutObjectError;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumMode};

use hmac::{Hmac, KeyInit, Mac};
use naru_local_cloud::LocalCloud;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{self, Cloud, noise, publisher, refusal, refused, s3, s3_config, s3_with_checksums};

async fn assert_absent(cloud: &Cloud, key: &str) {
    let head = cloud.s3.head_object().bucket("naru").key(key).send().await;
    assert_eq!(refusal(head).0, 404, "{key}: a refused body must leave nothing");
}

#[tokio::test]
async fn a_wrong_digest_is_refused() {
    let cloud = support::start().await;
    let put = || cloud.s3.put_object().bucket("naru").key("a").body(b"hello".to_vec().into());
    let md5 = put().content_md5("AAAAAAAAAAAAAAAAAAAAAA==").send().await;
    assert_eq!(refusal(md5), refused(400, "BadDigest"));
    let garbage = put().content_md5("no digest").send().await;
    assert_eq!(refusal(garbage), refused(400, "InvalidDigest"));

    let crc32 = put().checksum_crc32("AAAAAA==").send().await;
    assert_eq!(refusal(crc32), refused(400, "BadDigest"));
    let crc32c = put().checksum_crc32_c("AAAAAA==").send().await;
    assert_eq!(refusal(crc32c), refused(400, "BadDigest"));
    let crc64 = put().checksum_crc64_nvme("AAAAAAAAAAA=").send().await;
    assert_eq!(refusal(crc64), refused(400, "BadDigest"));
    let sha1 = put().checksum_sha1("AAAAAAAAAAAAAAAAAAAAAAAAAAA=").send().await;
    assert_eq!(refusal(sha1), refused(400, "BadDigest"));
    let zeros = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let sha256 = put().checksum_sha256(zeros).send().await;
    assert_eq!(refusal(sha256), refused(400, "BadDigest"));
    let short = put().checksum_sha256("AAAA").send().await;
    assert_eq!(refusal(short), refused(400, "InvalidRequest"));
    assert_absent(&cloud, "a").await;

    let right = put().content_md5("XUFAKrxLKna5cZ2REBfFkg==").send().await;
    assert!(right.is_ok(), "the MD5 of hello");
}

#[tokio::test]
async fn right_checksums_are_kept_and_given_back() {
    let cloud = support::start().await;
    let body = noise(2_000_000, 3);
    let client = s3_with_checksums(&cloud.cloud);
    for (index, algorithm) in [
        ChecksumAlgorithm::Crc32,
        ChecksumAlgorithm::Crc32C,
        ChecksumAlgorithm::Crc64Nvme,
        ChecksumAlgorithm::Sha1,
        ChecksumAlgorithm::Sha256,
    ]
    .into_iter()
    .enumerate()
    {
        let key = format!("sum-{index}");
        let put = client.put_object().bucket("naru").key(&key);
        let put = put.checksum_algorithm(algorithm.clone()).body(body.clone().into());
        put.send().await.unwrap();
        let get = cloud.s3.get_object().bucket("naru").key(&key);
        let got = get.checksum_mode(ChecksumMode::Enabled).send().await.unwrap();
        let sums = [
            got.checksum_crc32(),
            got.checksum_crc32_c(),
            got.checksum_crc64_nvme(),
            got.checksum_sha1(),
            got.checksum_sha256(),
        ];
        assert!(sums[index].is_some(), "{algorithm} was stored");
        assert_eq!(sums.iter().flatten().count(), 1);
        // The SDK itself holds the body against the checksum.
        assert!(got.body.collect().await.unwrap().to_vec() == body);
    }
}

#[tokio::test]
async fn a_checksum_after_the_body_is_checked() {
    let cloud = support::start().await;
    let streaming = s3_with_checksums(&cloud.cloud);
    let file = cloud.folder.path().join("body");
    std::fs::write(&file, noise(3_000_000, 5)).unwrap();
    // A body from a file is sent in aws-chunked form with the checksum as trailer.
    let body = ByteStream::from_path(&file).await.unwrap();
    let put = streaming.put_object().bucket("naru").key("streamed").body(body);
    put.send().await.unwrap();
    assert!(cloud.get("streamed").await == noise(3_000_000, 5));
    let head = cloud.s3.head_object().bucket("naru").key("streamed");
    let head = head.checksum_mode(ChecksumMode::Enabled).send().await.unwrap();
    assert!(head.checksum_crc32().is_some(), "the trailer's value was read");
    assert_eq!(head.content_encoding(), None, "aws-chunked is not the object's encoding");
}

#[tokio::test]
async fn bytes_that_change_on_the_way_are_noticed() {
    let cloud = support::start_with(|config| config.behind_proxies = true).await;
    let address = cloud.cloud.endpoints().s3_url.replace("http://", "");
    let config = s3_config(&cloud.cloud)
        .endpoint_url(corrupting_proxy(address).await)
        .request_checksum_calculation(RequestChecksumCalculation::WhenSupported)
        .credentials_provider(publisher(&cloud.cloud));
    let client = aws_sdk_s3::Client::from_conf(config.build());
    let put = |body: ByteStream| client.put_object().bucket("naru").key("a").body(body);

    let whole = put(b"a good body".to_vec().into()).send().await;
    assert_eq!(refusal(whole), refused(400, "XAmzContentSHA256Mismatch"), "signed as a whole");
    let file = cloud.folder.path().join("body");
    std::fs::write(&file, "a good body").unwrap();
    let chunks = put(ByteStream::from_path(&file).await.unwrap()).send().await;
    assert_eq!(refusal(chunks), refused(403, "SignatureDoesNotMatch"), "signed in chunks");
    assert_absent(&cloud, "a").await;
    assert!(put(b"another body".to_vec().into()).send().await.is_ok(), "the proxy passes the rest");
}

/// Clients that speak TLS sign the headers only and leave the body to its trailer.
#[tokio::test]
async fn a_wrong_trailer_of_an_unsigned_body_is_refused() {
    let cloud = support::start().await;
    let send = |trailer: &str| {
        let body = format!("5\r\nhello\r\n0\r\n{trailer}\r\n");
        signed_put(&cloud.cloud, "a", jiff::Timestamp::now()).body(body).send()
    };
    for (trailer, code) in [
        ("x-amz-checksum-crc32:AAAAAA==\r\n", "BadDigest"),
        ("x-amz-checksum-crc32:no\r\n", "InvalidRequest"),
        ("", "InvalidRequest"),
    ] {
        let refused = send(trailer).await.unwrap();
        assert_eq!(refused.status().as_u16(), 400, "{trailer:?}");
        let text = refused.text().await.unwrap();
        assert!(text.contains(&format!("<Code>{code}</Code>")), "{trailer:?}: {text}");
    }
    assert_absent(&cloud, "a").await;
    let right = send("x-amz-checksum-crc32:NhCmhg==\r\n").await.unwrap();
    assert_eq!(right.status().as_u16(), 200, "the CRC-32 of hello");
    assert_eq!(cloud.get("a").await, b"hello");
}

/// A put whose body will have a trailer and no signature, signed by hand after AWS's description.
pub fn signed_put(cloud: &LocalCloud, key: &str, time: jiff::Timestamp) -> reqwest::RequestBuilder {
    const HASH: &str = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
    let url = format!("{}/naru/{key}", cloud.endpoints().s3_url);
    let host = cloud.endpoints().s3_url.replace("http://", "");
    let date = time.strftime("%Y%m%dT%H%M%SZ").to_string();
    let names = "host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-trailer";
    let canonical = format!(
        "PUT\n/naru/{key}\n\nhost:{host}\nx-amz-content-sha256:{HASH}\nx-amz-date:{date}\n\
         x-amz-decoded-content-length:5\nx-amz-trailer:x-amz-checksum-crc32\n\n{names}\n{HASH}"
    );
    let scope = format!("{}/ap-northeast-2/s3/aws4_request", &date[..8]);
    let hash = hex::encode(Sha256::digest(canonical));
    let text = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{hash}");
    let keys = cloud.publisher();
    let mut secret = format!("AWS4{}", keys.secret_access_key).into_bytes();
    for part in scope.split('/').chain([text.as_str()]) {
        let mut mac = Hmac::<Sha256>::new_from_slice(&secret).unwrap();
        mac.update(part.as_bytes());
        secret = mac.finalize().into_bytes().to_vec();
    }
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={}/{scope},SignedHeaders={names},Signature={}",
        keys.access_key_id,
        hex::encode(secret)
    );
    reqwest::Client::new()
        .put(url)
        .header("authorization", authorization)
        .header("content-encoding", "aws-chunked")
        .header("x-amz-content-sha256", HASH)
        .header("x-amz-date", date)
        .header("x-amz-decoded-content-length", "5")
        .header("x-amz-trailer", "x-amz-checksum-crc32")
}

/// Passes everything on but the word `good`, which becomes `evil`.
async fn corrupting_proxy(to: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(&to).await.unwrap();
            let (mut from_client, mut to_client) = client.into_split();
            let (mut from_server, mut to_server) = server.into_split();
            tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
            tokio::spawn(async move {
                let mut buffer = vec![0; 65536];
                while let Ok(count @ 1..) = from_client.read(&mut buffer).await {
                    let bytes = &mut buffer[..count];
                    if let Some(at) = bytes.windows(4).position(|word| word == b"good") {
                        bytes[at..at + 4].copy_from_slice(b"evil");
                    }
                    to_server.write_all(bytes).await.unwrap();
                }
            });
        }
    });
    url
}

#[tokio::test]
async fn a_body_with_another_hash_than_announced_is_refused() {
    let cloud = support::start().await;
    let put = cloud.s3.put_object().bucket("naru").key("a");
    let presigned = put
        .presigned(
            aws_sdk_s3::presigning::PresigningConfig::expires_in(std::time::Duration::from_secs(60)).unwrap(),
        )
        .await
        .unwrap();
    let wrong = reqwest::Client::new()
        .put(presigned.uri())
        .header("x-amz-content-sha256", "0".repeat(64))
        .body("hello")
        .send()
        .await
        .unwrap();
    assert_eq!(wrong.status().as_u16(), 400);
    let text = wrong.text().await.unwrap();
    assert!(text.contains("XAmzContentSHA256Mismatch"), "{text}");
    assert_absent(&cloud, "a").await;
    let right = reqwest::Client::new().put(presigned.uri()).body("hello").send();
    assert_eq!(right.await.unwrap().status().as_u16(), 200, "a presigned put works");
}

async fn try_put(
    cloud: &Cloud,
    credentials: Credentials,
) -> Result<aws_sdk_s3::operation::put_object::PutObjectOutput, SdkError<PutObjectError>> {
    let client = s3(&cloud.cloud, credentials);
    client.put_object().bucket("naru").key("a").send().await
}

#[tokio::test]
async fn only_known_keys_with_the_right_secret_write() {
    let cloud = support::start().await;
    let id = &cloud.cloud.publisher().access_key_id;
    let wrong = Credentials::new(id, "wrong", None, None, "test");
    let refusal_of = refusal(try_put(&cloud, wrong).await);
    assert_eq!(refusal_of, refused(403, "SignatureDoesNotMatch"));
    let unknown = try_put(&cloud, support::nobody()).await;
    assert_eq!(refusal(unknown), refused(403, "InvalidAccessKeyId"));
    let secret = &cloud.cloud.publisher().secret_access_key;
    let token = Some("a token".to_owned());
    let odd = Credentials::new(id, secret, token, None, "test");
    assert_eq!(refusal(try_put(&cloud, odd).await), refused(400, "InvalidToken"));

    cloud.put("b", "secret").await;
    let url = format!("{}/naru/b", cloud.cloud.endpoints().s3_url);
    let anonymous = reqwest::get(&url).await.unwrap();
    assert_eq!(anonymous.status().as_u16(), 403, "reading is for the edge");
    let client = reqwest::Client::new();
    let anonymous = client.put(&url).body("x").send().await.unwrap();
    assert_eq!(anonymous.status().as_u16(), 403);
    assert_eq!(cloud.get("b").await, b"secret");
    assert_absent(&cloud, "a").await;
}
