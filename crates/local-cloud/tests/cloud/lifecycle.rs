//! Starting, stopping, and what a kill leaves.

use std::fs;

use naru_local_cloud::{Config, LocalCloud, StartError};

use crate::support::{self, config, noise};

#[tokio::test]
async fn a_restart_keeps_everything() {
    let cloud = support::start().await;
    let small = cloud.put("small", "one").await;
    cloud.put("small", "two").await;
    let large = noise(2_000_000, 19);
    cloud.put("large", large.clone()).await;
    let player = cloud.player().await;

    let cloud = cloud.restart().await;
    assert_eq!(cloud.get("small").await, b"two");
    assert!(cloud.get("large").await == large);
    let old = cloud.edge_url(&format!("small?versionId={small}"));
    assert_eq!(reqwest::get(old).await.unwrap().text().await.unwrap(), "one");
    let known = support::s3(&cloud.cloud, player).list_buckets().send().await;
    let denied = support::refused(403, "AccessDenied");
    assert_eq!(support::refusal(known), denied, "keys that were given out are still known");
}

#[tokio::test]
async fn what_a_kill_left_is_swept_away() {
    let cloud = support::start().await;
    cloud.put("kept", "kept").await;
    let data = cloud.folder.path().to_owned();
    cloud.cloud.stop().await;
    // A put that was killed before its rename, and one that was killed before its commit.
    let id = "ab".repeat(16);
    let (temp, orphan) = (data.join("temp").join(&id), data.join("blobs/ab").join(&id));
    fs::write(&temp, "half").unwrap();
    fs::write(&orphan, "whole").unwrap();

    let again = LocalCloud::start(config(&cloud.folder)).await.unwrap();
    assert!(!temp.exists() && !orphan.exists(), "or the disk fills with every kill");
    let url = format!("{}kept", again.endpoints().edge_url);
    assert_eq!(reqwest::get(url).await.unwrap().text().await.unwrap(), "kept");
}

#[tokio::test]
async fn a_body_that_breaks_off_leaves_nothing() {
    use tokio::io::AsyncWriteExt;
    let cloud = support::start().await;
    let put = cloud.s3.put_object().bucket("naru").key("broken");
    let minute = std::time::Duration::from_secs(60);
    let minute = aws_sdk_s3::presigning::PresigningConfig::expires_in(minute).unwrap();
    let url = put.presigned(minute).await.unwrap().uri().to_owned();
    let address = cloud.cloud.endpoints().s3_url.replace("http://", "");
    let path = url.split_once(&address).unwrap().1;

    let mut socket = tokio::net::TcpStream::connect(&address).await.unwrap();
    let head = format!("PUT {path} HTTP/1.1\r\nhost: {address}\r\ncontent-length: 9000000\r\n\r\n");
    socket.write_all(head.as_bytes()).await.unwrap();
    socket.write_all(&noise(3_000_000, 23)).await.unwrap();
    socket.flush().await.unwrap();
    drop(socket);

    let temp = cloud.folder.path().join("temp");
    for _ in 0..100 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        if cloud.cloud.counters().s3_bytes_in > 0 && fs::read_dir(&temp).unwrap().count() == 0 {
            break;
        }
    }
    assert_eq!(fs::read_dir(&temp).unwrap().count(), 0, "half a body is no object");
    let head = cloud.s3.head_object().bucket("naru").key("broken").send().await;
    assert_eq!(support::refusal(head).0, 404);
}

#[tokio::test]
async fn it_listens_on_loopback_only_and_alone() {
    let folder = tempfile::tempdir().unwrap();
    for port in 0..5 {
        let mut open = Config::new(folder.path());
        let everywhere = "0.0.0.0:0".parse().unwrap();
        match port {
            0 => open.s3 = everywhere,
            1 => open.edge = everywhere,
            2 => open.control = everywhere,
            3 => open.services = everywhere,
            _ => open.kakao = everywhere,
        }
        let refused = LocalCloud::start(open).await.err();
        assert!(
            matches!(refused, Some(StartError::NotLoopback(_))),
            "what goes over it is not encrypted, and must not leave the machine"
        );
    }
    let _first = LocalCloud::start(Config::new(folder.path())).await.unwrap();
    let second = LocalCloud::start(Config::new(folder.path())).await.err();
    assert!(matches!(second, Some(StartError::InUse(_))), "they would sweep each other's files");
    let mut odd = Config::new(folder.path());
    odd.bucket = "No Bucket".to_owned();
    let odd = LocalCloud::start(odd).await.err();
    assert!(matches!(odd, Some(StartError::BucketName(_))));
}
