//! A release number is used once, whatever is in the pointer's place.

use std::sync::Arc;

use naru_patcher::Warning;
use naru_protocol::Channel;
use naru_store::{ObjectRef, PutOptions};

use crate::client_2017::{client_2017, publisher_2017, without_2017_files};
use crate::world::{Tree, Warnings, World, expected, put, roll_back, tree};

const POINTER: &str = "update/version.json";

/// Releases 1 to `last`; the file `a` has its number in it, and `b` never changes.
async fn publish_some(world: &World, last: u64) {
    for number in 1..=last {
        world.set_build(&[("a", number.to_string().as_bytes()), ("b", b"same")]);
        assert_eq!(world.publish().await.unwrap().number, number);
    }
}

/// `aws s3api copy-object` of an old version onto the pointer.
async fn restore_pointer(world: &World, key: &str, of: u64) {
    let store = &*world.place.store;
    let versions = store.versions(key).await.unwrap();
    for version in versions {
        let object = ObjectRef::at(key, version.version);
        let bytes = store.read(&object, 1 << 14).await.unwrap();
        if serde_json::from_slice::<serde_json::Value>(&bytes).unwrap()["version"] == of {
            store.copy(&object, key, PutOptions::default()).await.unwrap();
            world.invalidate(key).await;
            return;
        }
    }
    panic!("there is no release {of}");
}

async fn listed(world: &World) -> Vec<(u64, bool)> {
    let releases = world.publisher().releases().await.unwrap();
    releases.iter().map(|release| (release.number, release.live)).collect()
}

/// A folder with the 2017 client's files as the live release has them.
async fn client_folder(world: &World) -> tempfile::TempDir {
    let folder = tempfile::TempDir::new().unwrap();
    client_2017(&*world.place.edge, folder.path()).await;
    folder
}

async fn followed(world: &World, folder: &tempfile::TempDir) -> Tree {
    client_2017(&*world.place.edge, folder.path()).await;
    without_2017_files(folder.path())
}

#[tokio::test]
async fn a_publish_after_the_2017_tool_s_own_numbers_comes_after_all_of_naru_s() {
    let world = World::new().await;
    publish_some(&world, 3).await;
    world.update().await.unwrap();
    let at_3 = client_folder(&world).await;
    // The 2017 tool counts by the files of its own folder, which has never seen Naru's releases.
    publisher_2017(&world, &[("a", b"tool"), ("b", b"same")], 1).await;
    let at_tool = client_folder(&world).await;
    assert_eq!(listed(&world).await, [(3, false), (2, false), (1, true)], "each once, one current");

    let build: &[(&str, &[u8])] = &[("a", b"tool"), ("b", b"same")];
    world.set_build(build);
    let plan = world.publisher().plan().await.unwrap();
    assert_eq!((plan.live, plan.highest, plan.next), (Some(1), Some(3), 4));
    assert!(plan.outranked && !plan.is_empty(), "players of 3 can't follow 1, though its files are these");
    assert_eq!(world.publisher().publish(plan).await.unwrap().number, 4);
    assert_eq!(world.update().await.unwrap().to, 4, "players of Naru's 3 follow");
    assert_eq!(world.installed(), expected(build));
    for folder in [&at_3, &at_tool] {
        assert_eq!(followed(&world, folder).await, expected(build), "2017 clients of both lines follow");
    }
    assert_eq!(listed(&world).await, [(4, true), (3, false), (2, false), (1, false)]);
}

#[tokio::test]
async fn a_restored_old_pointer_does_not_bring_its_numbers_back() {
    let world = World::new().await;
    publish_some(&world, 3).await;
    world.update().await.unwrap();
    let at_3 = client_folder(&world).await;
    restore_pointer(&world, POINTER, 2).await;
    let at_2 = client_folder(&world).await;
    assert_eq!(listed(&world).await, [(3, false), (2, true), (1, false)]);

    // The build is what the restored release has, so nothing has changed but its players' numbers.
    let two: &[(&str, &[u8])] = &[("a", b"2"), ("b", b"same")];
    world.set_build(two);
    let plan = world.publisher().plan().await.unwrap();
    assert!(plan.changes.is_empty() && !plan.is_empty(), "players of 3 are waiting for a higher number");
    assert_eq!(world.publisher().publish(plan).await.unwrap().number, 4);
    world.update().await.unwrap();
    assert_eq!(world.installed(), expected(two));
    assert_eq!(followed(&world, &at_3).await, expected(two));
    assert_eq!(followed(&world, &at_2).await, expected(two));

    world.set_build(&[("a", b"5"), ("b", b"same")]);
    assert_eq!(world.publish().await.unwrap().number, 5, "and so on");
    assert_eq!(client_2017(&*world.place.edge, at_3.path()).await, ["a"], "what is the same stays");
}

#[tokio::test]
async fn a_rollback_after_a_restored_pointer_comes_after_all_as_well() {
    let world = World::new().await;
    publish_some(&world, 3).await;
    world.update().await.unwrap();
    let at_3 = client_folder(&world).await;
    restore_pointer(&world, POINTER, 1).await;
    let back = world.publisher().plan_rollback(1).await.unwrap();
    assert!(!back.is_empty(), "release 1 is live, but players of 3 do not get it");
    assert_eq!(world.publisher().roll_back(back).await.unwrap().number, 4);
    let one: &[(&str, &[u8])] = &[("a", b"1"), ("b", b"same")];
    world.update().await.unwrap();
    assert_eq!(world.installed(), expected(one));
    assert_eq!(followed(&world, &at_3).await, expected(one));
    assert_eq!(roll_back(&world.publisher(), 3).await.unwrap().number, 5);
    assert_eq!(followed(&world, &at_3).await["a"], b"3");
}

#[tokio::test]
async fn a_number_that_was_given_twice_is_left_behind() {
    let world = World::new().await;
    publish_some(&world, 1).await;
    world.set_build(&[("a", b"naru"), ("b", b"same")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    publisher_2017(&world, &[("a", b"tool"), ("b", b"same")], 2).await;
    assert_eq!(listed(&world).await, [(2, true), (1, false)], "what players get under this number");
    let tool: &[(&str, &[u8])] = &[("a", b"tool"), ("b", b"same")];
    world.set_build(tool);
    assert_eq!(world.publish().await.unwrap().number, 3);
    world.update().await.unwrap();
    assert_eq!(world.installed(), expected(tool));
}

#[tokio::test]
async fn each_channel_counts_for_itself() {
    let world = World::new().await;
    publish_some(&world, 2).await;
    let beta: Channel = "beta".parse().unwrap();
    let mut publisher = world.publisher();
    publisher.channel.channel = beta.clone();
    for (text, number) in [("b1", 1), ("b2", 2), ("b3", 3)] {
        world.set_build(&[("a", text.as_bytes())]);
        let plan = publisher.plan().await.unwrap();
        assert_eq!(publisher.publish(plan).await.unwrap().number, number);
    }
    world.update_from(&beta).await.unwrap();
    restore_pointer(&world, "update/.naru/channel/beta/version.json", 1).await;
    world.set_build(&[("a", b"b4")]);
    let plan = publisher.plan().await.unwrap();
    assert_eq!(publisher.publish(plan).await.unwrap().number, 4);
    assert_eq!(world.update_from(&beta).await.unwrap().to, 4);
    assert_eq!(listed(&world).await, [(2, true), (1, false)], "live has heard nothing of it");
}

#[tokio::test]
async fn a_pointer_of_a_newer_naru_counts_as_well() {
    let world = World::new().await;
    publish_some(&world, 1).await;
    let first = world.place.store.read(&ObjectRef::newest(POINTER), 1 << 14).await.unwrap();
    let newer =
        br#"{"version":8,"filedb":"filedb.db","s3_versionid":"v","naru":{"payload":"","signatures":[]}}"#;
    put(&*world.place.store, POINTER, newer.to_vec()).await;
    put(&*world.place.store, POINTER, first.to_vec()).await;
    world.invalidate(POINTER).await;
    world.set_build(&[("a", b"2")]);
    assert_eq!(world.publish().await.unwrap().number, 9, "2017 clients have seen 8");
}

#[tokio::test]
async fn names_that_2017_clients_can_not_fetch_are_told_where_there_are_such_clients() {
    let world = World::new().await;
    let heard = Arc::new(Warnings::default());
    let mut publisher = world.publisher();
    publisher.progress = heard.clone();
    world.set_build(&[("a", b"1"), ("libstdc++.so", b"1"), ("c#/%41.txt", b"1"), ("맵 1&2.txt", b"1")]);
    publisher.plan().await.unwrap();
    assert_eq!(heard.take(), [], "a bucket that the 2017 tool has never seen");
    publisher_2017(&world, &[("a", b"one")], 4).await;
    publisher.plan().await.unwrap();
    let named = vec!["c#/%41.txt".to_owned(), "libstdc++.so".to_owned()];
    assert_eq!(heard.take(), [Warning::NotFor2017(named.clone())]);
    let plan = publisher.plan().await.unwrap();
    publisher.publish(plan).await.unwrap();
    heard.take();
    publisher.plan().await.unwrap();
    assert_eq!(heard.take(), [Warning::NotFor2017(named)], "also when Naru has taken the bucket over");
    publisher.channel.channel = "beta".parse().unwrap();
    publisher.plan().await.unwrap();
    assert_eq!(heard.take(), [], "2017 clients know the channel live only");
    assert!(tree(&world.build()).contains_key("c#/%41.txt"));
}
