//! Listings: order, pages, groups.

use crate::support;

#[tokio::test]
async fn objects_are_listed_in_order_by_page_and_by_group() {
    let cloud = support::start().await;
    for key in ["a", "b/1", "b/2", "b/deep/3", "c d", "가/나", "z"] {
        cloud.put(key, key).await;
    }
    cloud.s3.delete_object().bucket("naru").key("z").send().await.unwrap();

    let list = || cloud.s3.list_objects_v2().bucket("naru");
    let mut keys = Vec::new();
    let mut pages = list().max_keys(2).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        assert!(page.contents().len() <= 2);
        keys.extend(page.contents().iter().map(|object| object.key.clone().unwrap()));
    }
    let all = ["a", "b/1", "b/2", "b/deep/3", "c d", "가/나"];
    assert_eq!(keys, all, "byte order, each once, deleted ones not");

    let groups = list().delimiter("/").send().await.unwrap();
    let prefixes = groups.common_prefixes().iter().map(|it| it.prefix().unwrap());
    assert_eq!(prefixes.collect::<Vec<_>>(), ["b/", "가/"]);
    let single = groups.contents().iter().map(|it| it.key().unwrap());
    assert_eq!(single.collect::<Vec<_>>(), ["a", "c d"]);
    assert_eq!(groups.key_count, Some(4));

    let inside = list().prefix("b/").delimiter("/").max_keys(2).send().await.unwrap();
    assert_eq!(inside.is_truncated, Some(true));
    let next = inside.next_continuation_token.unwrap();
    let inside = list().prefix("b/").delimiter("/").continuation_token(next);
    let inside = inside.send().await.unwrap();
    assert_eq!(inside.common_prefixes()[0].prefix(), Some("b/deep/"));
    assert_eq!(inside.is_truncated, Some(false));

    let after = list().start_after("b/2").send().await.unwrap();
    assert_eq!(after.contents()[0].key(), Some("b/deep/3"));
    let encoded = list().encoding_type(aws_sdk_s3::types::EncodingType::Url);
    let encoded = encoded.prefix("c").send().await.unwrap();
    assert_eq!(encoded.contents()[0].key(), Some("c%20d"));
}

#[tokio::test]
async fn the_old_listing_pages_by_marker() {
    let cloud = support::start().await;
    for key in ["a", "b/1", "b/2", "c"] {
        cloud.put(key, key).await;
    }
    let list = || cloud.s3.list_objects().bucket("naru").delimiter("/").max_keys(1);
    let mut seen = Vec::new();
    let mut marker = String::new();
    loop {
        let page = list().marker(&marker).send().await.unwrap();
        seen.extend(page.contents().iter().filter_map(|it| it.key.clone()));
        seen.extend(page.common_prefixes().iter().filter_map(|it| it.prefix.clone()));
        match page.next_marker {
            Some(next) => marker = next,
            None => break,
        }
    }
    assert_eq!(seen, ["a", "b/", "c"], "a group comes once, also across pages");
}

#[tokio::test]
async fn versions_are_listed_newest_first_over_pages() {
    let cloud = support::start().await;
    let mut expected = Vec::new();
    for key in ["a", "b"] {
        let mut versions = Vec::new();
        for n in 0..5 {
            versions.push((key.to_owned(), cloud.put(key, format!("{n}")).await));
        }
        versions.reverse();
        expected.extend(versions);
    }
    let delete = cloud.s3.delete_object().bucket("naru").key("b");
    let marker = delete.send().await.unwrap().version_id.unwrap();

    let mut seen = Vec::new();
    let mut markers = Vec::new();
    let mut latest = Vec::new();
    let (mut key, mut version) = (None, None);
    loop {
        let list = cloud.s3.list_object_versions().bucket("naru").max_keys(3);
        let list = list.set_key_marker(key).set_version_id_marker(version);
        let page = list.send().await.unwrap();
        for it in page.versions() {
            seen.push((it.key.clone().unwrap(), it.version_id.clone().unwrap()));
            latest.extend(it.is_latest.filter(|latest| *latest).and(it.key.clone()));
        }
        markers.extend(page.delete_markers().iter().filter_map(|it| it.version_id.clone()));
        if page.is_truncated != Some(true) {
            break;
        }
        (key, version) = (page.next_key_marker, page.next_version_id_marker);
    }
    assert_eq!(seen, expected, "each version once, the newest of a key first");
    assert_eq!(markers, [marker]);
    assert_eq!(latest, ["a"], "b's latest is its delete marker");
}

#[tokio::test]
async fn buckets_keep_versions() {
    let cloud = support::start().await;
    let versioning = cloud.s3.get_bucket_versioning().bucket("naru").send().await;
    let status = versioning.unwrap().status.unwrap();
    assert_eq!(status.as_str(), "Enabled", "without versions nothing here works");
    cloud.s3.create_bucket().bucket("second").send().await.unwrap();
    let buckets = cloud.s3.list_buckets().send().await.unwrap();
    let names = buckets.buckets().iter().map(|it| it.name().unwrap());
    assert_eq!(names.collect::<Vec<_>>(), ["naru", "second"]);
    assert!(cloud.s3.head_bucket().bucket("naru").send().await.is_ok());
    let absent = cloud.s3.list_objects_v2().bucket("absent").send().await;
    assert_eq!(support::refusal(absent), support::refused(404, "NoSuchBucket"));
    let location = cloud.s3.get_bucket_location().bucket("naru").send().await;
    let location = location.unwrap().location_constraint.unwrap();
    assert_eq!(location.as_str(), "ap-northeast-2");
}
