//! Objects that the bucket has lost are restored by the next publish.

use std::sync::Arc;

use naru_patcher::{PublishError, Warning};
use naru_protocol::Digest;
use naru_store::{ObjectRef, PutOptions, UploadSource, WriteCondition};

use crate::client_2017::client_2017;
use crate::world::{Warnings, World, expected, noise, put, roll_back};

/// The versions of all objects below a prefix, newest first within a key.
async fn versions_below(world: &World, prefix: &str) -> Vec<ObjectRef> {
    let page = world.place.store.version_page(prefix, None).await.unwrap();
    assert_eq!(page.next, None, "a test's bucket is small");
    page.versions.into_iter().map(|(key, version)| ObjectRef::at(key, version.version)).collect()
}

/// `aws s3 rm --recursive`: every key gets a delete marker, and the versions stay.
async fn delete_below(world: &World, prefix: &str) {
    for object in world.place.store.list(prefix).await.unwrap() {
        world.remove(ObjectRef::newest(object.key)).await;
    }
}

async fn lose(world: &World, prefix: &str) {
    for object in versions_below(world, prefix).await {
        world.remove(object).await;
    }
}

/// A new player gets exactly these files.
async fn assert_installs(world: &World, files: &[(&str, &[u8])]) {
    if world.install().exists() {
        std::fs::remove_dir_all(world.install()).unwrap();
    }
    world.update().await.unwrap();
    assert_eq!(world.installed(), expected(files));
    assert_eq!(world.verify().await.unwrap().wounds, []);
}

#[tokio::test]
async fn a_lost_object_of_an_unchanged_build_is_sent_again() {
    let world = World::new().await;
    let large = noise(300_000, 3);
    let build: &[(&str, &[u8])] = &[("a", b"one"), ("b", b"two"), ("large", &large)];
    world.set_build(build);
    world.publish().await.unwrap();
    lose(&world, "update/b").await;
    let heard = Arc::new(Warnings::default());
    let mut publisher = world.publisher();
    publisher.progress = heard.clone();
    let plan = publisher.plan().await.unwrap();
    assert!(!plan.is_empty(), "players can't install what is live");
    assert_eq!((&plan.lost[..], plan.upload_bytes), (&["update/b".to_owned()][..], 3));
    assert_eq!(heard.take(), [Warning::LostObjects(vec!["update/b".into()])]);
    let published = publisher.publish(plan).await.unwrap();
    assert_eq!((published.number, published.uploaded_files), (2, 1), "only what is missing travels");
    assert_installs(&world, build).await;
    assert!(world.publisher().plan().await.unwrap().is_empty(), "and all is well again");
}

#[tokio::test]
async fn the_next_release_does_not_name_a_lost_object() {
    let world = World::new().await;
    world.set_build(&[("a", b"one"), ("b", b"kept"), ("old/c", b"moved")]);
    world.publish().await.unwrap();
    lose(&world, "update/b").await;
    lose(&world, "update/old/c").await;
    let next: &[(&str, &[u8])] = &[("a", b"new"), ("b", b"kept"), ("new/c", b"moved")];
    world.set_build(next);
    world.publish().await.unwrap();
    assert_installs(&world, next).await;
}

#[tokio::test]
async fn a_lost_object_whose_key_has_the_bytes_in_another_version_is_named_by_that() {
    let world = World::new().await;
    world.set_build(&[("a", b"one")]);
    world.publish().await.unwrap();
    let lost = versions_below(&world, "update/a").await;
    // The file was uploaded by hand, with other metadata.
    put(&*world.place.store, "update/a", b"one".to_vec()).await;
    world.remove(lost[0].clone()).await;
    world.publish().await.unwrap();
    assert_installs(&world, &[("a", b"one")]).await;
}

#[tokio::test]
async fn deleting_naru_s_folder_in_the_bucket_stops_neither_publish_nor_rollback() {
    for for_good in [false, true] {
        let world = World::new().await;
        let one: &[(&str, &[u8])] = &[("a", b"one"), ("b", b"same")];
        let two: &[(&str, &[u8])] = &[("a", b"two"), ("b", b"same")];
        world.set_build(one);
        world.publish().await.unwrap();
        world.set_build(two);
        world.publish().await.unwrap();
        match for_good {
            false => delete_below(&world, "update/.naru/").await,
            true => lose(&world, "update/.naru/").await,
        }
        let plan = world.publisher().plan().await.unwrap();
        assert_eq!((plan.lost.len(), plan.upload_bytes), (2, 0), "manifest and locations; no file");
        assert_eq!(world.publisher().publish(plan).await.unwrap().number, 3);
        assert_installs(&world, two).await;

        let three: &[(&str, &[u8])] = &[("a", b"three"), ("b", b"same")];
        match for_good {
            false => delete_below(&world, "update/.naru/").await,
            true => lose(&world, "update/.naru/").await,
        }
        world.set_build(three);
        let plan = world.publisher().plan().await.unwrap();
        assert_eq!((plan.changes.len(), plan.upload_bytes), (1, 5), "only what differs is sent");
        assert_eq!(world.publisher().publish(plan).await.unwrap().number, 4);
        assert_installs(&world, three).await;

        let back = roll_back(&world.publisher(), 1).await;
        if for_good {
            assert!(matches!(back, Err(PublishError::Gone { number: 1, .. })), "{back:?}");
            world.set_build(one);
            assert_eq!(world.publish().await.unwrap().number, 5, "as its hint says");
        } else {
            assert_eq!(back.unwrap().number, 5, "the versions below the delete markers tell");
        }
        assert_installs(&world, one).await;
    }
}

#[tokio::test]
async fn a_lost_file_list_comes_back() {
    let world = World::new().await;
    let build: &[(&str, &[u8])] = &[("a", b"one"), ("b", b"two")];
    world.set_build(build);
    world.publish().await.unwrap();
    lose(&world, "update/filedb.db").await;
    let plan = world.publisher().plan().await.unwrap();
    assert_eq!((plan.lost.len(), plan.upload_bytes), (1, 0), "the files are there");
    world.publisher().publish(plan).await.unwrap();
    assert_installs(&world, build).await;
    let folder = tempfile::TempDir::new().unwrap();
    assert_eq!(client_2017(&*world.place.edge, folder.path()).await.len(), 2, "2017 clients as well");
}

#[tokio::test]
async fn an_overwritten_manifest_is_written_again() {
    let world = World::new().await;
    world.set_build(&[("a", b"one")]);
    world.publish().await.unwrap();
    for object in world.place.store.list("update/.naru/manifest/").await.unwrap() {
        put(&*world.place.store, &object.key, b"damaged".to_vec()).await;
        world.invalidate(&object.key).await;
    }
    let mut publisher = world.publisher();
    publisher.options.check = true;
    let plan = publisher.plan().await.unwrap();
    assert_eq!(plan.lost.len(), 1, "a deep look reads it");
    publisher.publish(plan).await.unwrap();
    for object in world.place.store.list("update/.naru/manifest/").await.unwrap() {
        world.invalidate(&object.key).await;
    }
    assert_installs(&world, &[("a", b"one")]).await;
}

#[tokio::test]
async fn a_deep_look_finds_bytes_that_are_not_the_ones_of_the_release() {
    let world = World::new().await;
    let build: &[(&str, &[u8])] = &[("a", b"one"), ("b", b"two")];
    // An object that says of itself that it is what the build has, and is not.
    let options = PutOptions { digest: Some(Digest::of(b"one")), ..PutOptions::default() };
    let source = UploadSource::Bytes(b"0ne".to_vec().into());
    world.place.store.put("update/a", source, WriteCondition::None, options, &()).await.unwrap();
    world.set_build(build);
    world.publish().await.unwrap();
    assert!(world.update().await.is_err(), "no player can install it");
    let mut publisher = world.publisher();
    assert!(publisher.plan().await.unwrap().is_empty(), "it is there, and in its length");

    publisher.options.check = true;
    let plan = publisher.plan().await.unwrap();
    assert_eq!((&plan.lost[..], plan.upload_bytes), (&["update/a".to_owned()][..], 3));
    publisher.publish(plan).await.unwrap();
    assert_installs(&world, build).await;
    assert!(publisher.plan().await.unwrap().is_empty(), "every byte was read and is right");
}

#[tokio::test]
async fn a_2017_bucket_with_a_lost_object_is_taken_over_whole() {
    let world = World::new().await;
    let build: &[(&str, &[u8])] = &[("a", b"one"), ("b", b"two")];
    crate::client_2017::publisher_2017(&world, build, 4).await;
    lose(&world, "update/b").await;
    world.set_build(build);
    let published = world.publish().await.unwrap();
    assert_eq!((published.number, published.uploaded_files), (5, 1));
    assert_installs(&world, build).await;
}

#[tokio::test]
async fn a_rollback_to_what_is_live_looks_whether_players_get_it() {
    let world = World::new().await;
    let build: &[(&str, &[u8])] = &[("a", b"one"), ("b", b"two")];
    world.set_build(build);
    world.publish().await.unwrap();
    assert!(world.publisher().plan_rollback(1).await.unwrap().is_empty(), "all of it is there");
    delete_below(&world, "update/.naru/").await;
    assert_eq!(roll_back(&world.publisher(), 1).await.unwrap().number, 2, "players could not find it");
    assert_installs(&world, build).await;

    lose(&world, "update/a").await;
    let refused = world.publisher().plan_rollback(1).await.map(|plan| plan.number);
    assert!(matches!(&refused, Err(PublishError::Gone { key, .. }) if key == "update/a"), "{refused:?}");
    world.publish().await.unwrap();
    let back = world.publisher().plan_rollback(1).await.unwrap();
    assert!(back.is_empty(), "release 3 has its content, and all of it");
}
