//! The CloudFront API.

use std::time::{Duration, Instant};

use aws_sdk_cloudfront::types::{InvalidationBatch, Paths};

use crate::support::{self, INVALIDATION_TIME, nobody, publisher, refusal, refused};

fn batch(reference: &str, paths: &[&str]) -> InvalidationBatch {
    let items = paths.iter().map(|path| (*path).to_owned()).collect();
    let paths = Paths::builder().quantity(paths.len() as i32).set_items(Some(items));
    let batch = InvalidationBatch::builder().paths(paths.build().unwrap());
    batch.caller_reference(reference).build().unwrap()
}

#[tokio::test]
async fn the_pointer_stays_stale_until_its_invalidation_is_completed() {
    let cloud = support::start().await;
    let client = cloud.cloudfront(publisher(&cloud.cloud));
    let distribution = &cloud.cloud.endpoints().distribution;
    cloud.put("update/version.json", "1").await;
    let edge = cloud.edge_url("update/version.json");
    let read = || async { reqwest::get(&edge).await.unwrap().text().await.unwrap() };
    assert_eq!(read().await, "1");
    cloud.put("update/version.json", "2").await;
    assert_eq!(read().await, "1", "the edge does not ask again");

    let create = client.create_invalidation().distribution_id(distribution);
    let create = create.invalidation_batch(batch("publish 2", &["/update/version.json"]));
    let begun = Instant::now();
    let created = create.send().await.unwrap().invalidation.unwrap();
    assert_eq!(created.status(), "InProgress", "it takes time, as on AWS");
    assert_eq!(read().await, "1", "and until then nothing has changed");
    let id = created.id().to_owned();
    loop {
        let get = client.get_invalidation().distribution_id(distribution).id(&id);
        let status = get.send().await.unwrap().invalidation.unwrap().status;
        if status == "Completed" {
            break;
        }
        assert_eq!(status, "InProgress");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(begun.elapsed() >= INVALIDATION_TIME, "time that a progress bar can show");
    assert_eq!(read().await, "2", "after Completed the old pointer must not be served");
}

#[tokio::test]
async fn a_caller_reference_names_one_batch() {
    let cloud = support::start().await;
    let client = cloud.cloudfront(publisher(&cloud.cloud));
    let distribution = &cloud.cloud.endpoints().distribution;
    let create = |reference: &str, paths: &[&str]| {
        let create = client.create_invalidation().distribution_id(distribution);
        create.invalidation_batch(batch(reference, paths)).send()
    };
    let id = |created: aws_sdk_cloudfront::operation::create_invalidation::CreateInvalidationOutput| {
        created.invalidation.unwrap().id
    };
    let first = id(create("r", &["/a", "/b"]).await.unwrap());
    let again = id(create("r", &["/b", "/a"]).await.unwrap());
    assert_eq!(first, again, "a retry is not a second invalidation");
    let other = create("r", &["/c"]).await;
    assert_eq!(refusal(other), refused(400, "InvalidationBatchAlreadyExists"));
    let second = id(create("s", &["/a"]).await.unwrap());
    assert_ne!(first, second);

    let relative = create("t", &["a"]).await;
    assert_eq!(refusal(relative), refused(400, "InvalidArgument"));
    let wildcard = create("u", &["/a*b"]).await;
    assert_eq!(refusal(wildcard), refused(400, "InvalidArgument"));
}

#[tokio::test]
async fn an_invalidation_is_known_after_a_restart() {
    let cloud = support::start().await;
    let distribution = cloud.cloud.endpoints().distribution.clone();
    let client = cloud.cloudfront(publisher(&cloud.cloud));
    let create = client.create_invalidation().distribution_id(&distribution);
    let created = create.invalidation_batch(batch("r", &["/*"])).send().await.unwrap();
    let id = created.invalidation.unwrap().id;
    let cloud = cloud.restart().await;
    let client = cloud.cloudfront(publisher(&cloud.cloud));
    let get = client.get_invalidation().distribution_id(&distribution).id(&id);
    let found = get.send().await.unwrap().invalidation.unwrap();
    assert_eq!(found.status, "Completed", "the cache began empty");
    assert_eq!(found.invalidation_batch.unwrap().paths.unwrap().items(), ["/*"]);
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let cloud = support::start().await;
    let client = cloud.cloudfront(publisher(&cloud.cloud));
    let create = client.create_invalidation().distribution_id("EOTHER");
    let create = create.invalidation_batch(batch("r", &["/a"])).send().await;
    assert_eq!(refusal(create), refused(404, "NoSuchDistribution"));
    let distribution = &cloud.cloud.endpoints().distribution;
    let get = client.get_invalidation().distribution_id(distribution).id("I0");
    assert_eq!(refusal(get.send().await), refused(404, "NoSuchInvalidation"));
    let found = client.get_distribution().id(distribution).send().await.unwrap();
    assert_eq!(found.distribution.unwrap().status, "Deployed");
}

#[tokio::test]
async fn only_the_publisher_invalidates() {
    let cloud = support::start().await;
    let distribution = &cloud.cloud.endpoints().distribution;
    let wrong = aws_credential_types::Credentials::new(
        &cloud.cloud.publisher().access_key_id,
        "wrong",
        None,
        None,
        "test",
    );
    for (credentials, code) in [
        (cloud.player().await, "AccessDenied"),
        (nobody(), "InvalidClientTokenId"),
        (wrong, "SignatureDoesNotMatch"),
    ] {
        let client = cloud.cloudfront(credentials);
        let create = client.create_invalidation().distribution_id(distribution);
        let create = create.invalidation_batch(batch("r", &["/*"])).send().await;
        assert_eq!(refusal(create), refused(403, code));
    }
    let url = format!("{}/2020-05-31/distribution/{distribution}", cloud.cloud.endpoints().control_url);
    let anonymous = reqwest::get(url).await.unwrap();
    assert_eq!(anonymous.status().as_u16(), 403);
}
