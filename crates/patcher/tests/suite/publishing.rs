//! Releases: numbers, conflicts, interrupted publishes, rolling back.

use naru_patcher::{ChangeKind, PublishError, ScanError};
use naru_protocol::{Digest, Limits};

use crate::world::{World, expected, noise, put, roll_back};

#[tokio::test]
async fn an_unchanged_build_is_no_new_release() {
    let world = World::new().await;
    world.set_build(&[("a", b"1")]);
    world.publish().await.unwrap();
    assert!(world.publisher().plan().await.unwrap().is_empty(), "nothing changed");
}

#[tokio::test]
async fn the_same_tree_gives_the_same_manifest_bytes() {
    let (one, other) = (World::new().await, World::new().await);
    let large = noise(2_500_000, 8);
    one.set_build(&[("b", b"1"), ("a/c", &large), ("도움말.txt", b"2")]);
    other.set_build(&[("도움말.txt", b"2"), ("a/c", &large), ("b", b"1")]);
    let digest = |bytes: Vec<u8>| Digest::of(&bytes);
    let first = one.publisher().plan().await.unwrap().manifest().encode().unwrap();
    let second = other.publisher().plan().await.unwrap().manifest().encode().unwrap();
    assert_eq!(digest(first), digest(second), "written in another order, in another folder, at another time");
}

#[tokio::test]
async fn a_plan_tells_each_kind_of_change() {
    let world = World::new().await;
    let bytes = noise(1000, 9);
    world.set_build(&[("edit", b"1"), ("move/from", &bytes), ("gone", b"1"), ("same", b"1")]);
    world.publish().await.unwrap();
    world.set_build(&[("edit", b"2"), ("move/to", &bytes), ("add", b"3"), ("same", b"1")]);
    let plan = world.publisher().plan().await.unwrap();
    let changes: Vec<_> =
        plan.changes.iter().map(|change| (change.path.as_str(), change.kind.clone())).collect();
    let from = "move/from".parse().unwrap();
    let moved = ChangeKind::Moved { from };
    assert_eq!(
        changes,
        [
            ("add", ChangeKind::New),
            ("edit", ChangeKind::Changed),
            ("gone", ChangeKind::Deleted),
            ("move/to", moved)
        ]
    );
    assert_eq!(plan.upload_bytes, 2);
}

#[tokio::test]
async fn of_two_publishers_at_once_one_wins_and_the_other_is_told() {
    let world = World::new().await;
    world.set_build(&[("a", b"1")]);
    world.publish().await.unwrap();
    world.set_build(&[("a", b"first")]);
    let (slow, early) = (world.publisher(), world.publisher());
    let slow_plan = slow.plan().await.unwrap();
    let early_plan = early.plan().await.unwrap();
    early.publish(early_plan).await.unwrap();
    let refused = slow.publish(slow_plan).await;
    assert!(matches!(refused, Err(PublishError::Conflict { expected: Some(1) })), "{refused:?}");
    let numbers: Vec<_> = early.releases().await.unwrap().iter().map(|release| release.number).collect();
    assert_eq!(numbers, [2, 1], "the winner's release is there, and nothing else");
}

#[tokio::test]
async fn what_a_killed_publish_sent_is_not_sent_again() {
    let world = World::new().await;
    world.set_build(&[("a", b"1111"), ("b", b"2222")]);
    let publisher = world.publisher();
    let plan = publisher.plan().await.unwrap();
    // Everything but the pointer, as a kill just before it leaves the store.
    world.publish().await.unwrap();
    drop(plan);
    world.set_build(&[("a", b"1111"), ("b", b"2222"), ("c", b"33")]);
    let first = publisher.plan().await.unwrap();
    let second = publisher.plan().await.unwrap();
    publisher.publish(first).await.unwrap();
    let refused = publisher.publish(second).await;
    assert!(matches!(refused, Err(PublishError::Conflict { .. })), "{refused:?}");
    world.set_build(&[("a", b"1111"), ("b", b"4444"), ("c", b"33")]);
    let published = world.publish().await.unwrap();
    assert_eq!((published.uploaded_bytes, published.number), (4, 3));
}

#[tokio::test]
async fn rolling_back_is_a_new_release_of_the_old_content() {
    let world = World::new().await;
    let one: &[(&str, &[u8])] = &[("a", b"one"), ("b", b"both")];
    world.set_build(one);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    world.set_build(&[("a", b"two"), ("b", b"both"), ("c", b"bad")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    let back = roll_back(&world.publisher(), 1).await.unwrap();
    assert_eq!((back.number, back.uploaded_bytes), (3, 0), "a number only ever grows, and no byte is sent");
    world.update().await.unwrap();
    assert_eq!(world.installed(), expected(one));
    let releases = world.publisher().releases().await.unwrap();
    assert_eq!(releases[0].content_of, Some(1));
    let missing = roll_back(&world.publisher(), 9).await;
    assert!(matches!(missing, Err(PublishError::NoRelease { number: 9 })));
}

#[tokio::test]
async fn what_is_live_already_is_rolled_back_to_by_doing_nothing() {
    let world = World::new().await;
    world.set_build(&[("a", b"one")]);
    world.publish().await.unwrap();
    world.set_build(&[("a", b"two")]);
    world.publish().await.unwrap();
    let publisher = world.publisher();
    assert!(publisher.plan_rollback(2).await.unwrap().is_empty(), "2 is live");
    let back = publisher.plan_rollback(1).await.unwrap();
    assert!(!back.is_empty(), "players have other files");
    assert_eq!((back.live, back.next), (Some(2), 3));
    publisher.roll_back(back).await.unwrap();
    assert!(publisher.plan_rollback(1).await.unwrap().is_empty(), "3 has the content of 1");
    assert!(publisher.plan_rollback(3).await.unwrap().is_empty());
    assert!(!publisher.plan_rollback(2).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_rollback_that_somebody_overtook_is_a_conflict() {
    let world = World::new().await;
    for text in [b"one", b"two", b"six"] {
        world.set_build(&[("a", text)]);
        world.publish().await.unwrap();
    }
    let publisher = world.publisher();
    let plan = publisher.plan_rollback(1).await.unwrap();
    roll_back(&publisher, 2).await.unwrap();
    let refused = publisher.roll_back(plan).await;
    assert!(matches!(refused, Err(PublishError::Conflict { expected: Some(3) })), "{refused:?}");
}

#[tokio::test]
async fn notes_travel_with_the_release() {
    let world = World::new().await;
    world.set_build(&[("a", b"1")]);
    let mut publisher = world.publisher();
    publisher.options.notes = "새 동굴 / a new cave".into();
    let plan = publisher.plan().await.unwrap();
    publisher.publish(plan).await.unwrap();
    assert_eq!(world.updater().plan().await.unwrap().notes, "새 동굴 / a new cave");
    publisher.options.notes = "x".repeat(7000);
    assert!(publisher.plan().await.is_err(), "notes that do not fit the pointer are refused beforehand");
    publisher.options.notes = "\u{1}".repeat(6000);
    assert!(publisher.plan().await.is_err(), "each of these takes six bytes in JSON");
    publisher.options.notes = "\"".repeat(5100);
    world.set_build(&[("a", b"2")]);
    let plan = publisher.plan().await.unwrap();
    publisher.publish(plan).await.unwrap();
}

#[tokio::test]
async fn what_windows_editors_write_is_not_part_of_the_notes() {
    let world = World::new().await;
    world.set_build(&[("a", b"1")]);
    let mut publisher = world.publisher();
    publisher.options.notes = "\u{feff}첫 줄\r\n둘째 줄\r\n".into();
    let plan = publisher.plan().await.unwrap();
    publisher.publish(plan).await.unwrap();
    assert_eq!(world.updater().plan().await.unwrap().notes, "첫 줄\n둘째 줄");
    world.set_build(&[("a", b"2")]);
    world.publish().await.unwrap();
    publisher.options.notes = "\u{feff}back\r\n".into();
    let back = publisher.plan_rollback(1).await.unwrap();
    assert_eq!(back.notes, "back", "those of a rollback neither");
}

#[tokio::test]
async fn the_last_number_that_clients_can_read_has_no_successor() {
    let world = World::new().await;
    let last = Limits::NUMBER;
    let store = &*world.place.store;
    put(store, "update/filedb.db", b"[]".to_vec()).await;
    let filedb = store.versions("update/filedb.db").await.unwrap()[0].version.clone();
    let pointer = format!(r#"{{"version":{last},"filedb":"filedb.db","s3_versionid":"{filedb}"}}"#);
    put(store, "update/version.json", pointer.into_bytes()).await;
    world.set_build(&[("a", b"1")]);
    let refused = world.publisher().plan().await;
    assert!(matches!(refused, Err(PublishError::Format(_))), "{refused:?}");
    assert!(store.versions("update/a").await.unwrap().is_empty(), "before anything is sent");
}

#[tokio::test]
async fn other_patterns_are_a_release_though_no_file_has_changed() {
    let mut world = World::new().await;
    world.set_build(&[("x", b"1")]);
    world.publish().await.unwrap();
    world.config.push("x".into());
    let published = world.publish().await.unwrap();
    assert_eq!(
        (published.number, published.uploaded_files),
        (2, 0),
        "players' changes to x are kept from now on"
    );
    assert!(world.publisher().plan().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_pattern_that_no_player_could_apply_is_never_published() {
    for pattern in ["[x", "/abs", ""] {
        let mut world = World::new().await;
        world.set_build(&[("a", b"1")]);
        world.preserve.push(pattern.into());
        let refused = world.publish().await;
        assert!(
            matches!(refused, Err(PublishError::Scan(ScanError::Pattern { .. }))),
            "{pattern:?}: {refused:?}"
        );
    }
}

#[tokio::test]
async fn a_plan_names_the_patterns_that_players_lose() {
    let mut world = World::new().await;
    world.set_build(&[("a", b"1")]);
    world.publish().await.unwrap();
    world.preserve.clear();
    world.config.push("*.cfg".into());
    let plan = world.publisher().plan().await.unwrap();
    assert_eq!(plan.dropped_patterns, ["saves/**"], "what is added costs nobody anything");
}
