//! Both directions with the 2017 client and publisher, written from the mission's facts alone.

use std::collections::BTreeMap;
use std::path::Path;

use md5::{Digest as _, Md5};
use naru_store::{ObjectRef, ReadStore};
use serde_json::{Value, json};

use crate::world::{Tree, World, expected, put, roll_back, tree, write};

pub fn md5_hex(bytes: &[u8]) -> String {
    hex::encode(Md5::digest(bytes))
}

async fn get(store: &dyn ReadStore, key: &str, version: Option<&str>) -> Vec<u8> {
    let object = ObjectRef { key: key.into(), version: version.map(str::to_owned) };
    store.read(&object, 1 << 30).await.unwrap().to_vec()
}

/// Updates a folder by the 2017 rules; tells which paths it fetched.
pub async fn client_2017(store: &dyn ReadStore, folder: &Path) -> Vec<String> {
    let local = |name: &str| {
        std::fs::read(folder.join(name)).ok().map(|bytes| serde_json::from_slice(&bytes).unwrap())
    };
    let version_bytes = get(store, "update/version.json", None).await;
    let version: Value = serde_json::from_slice(&version_bytes).unwrap();
    let old: Option<Value> = local("version.json");
    if old.is_some_and(|old: Value| old["version"].as_u64() >= version["version"].as_u64()) {
        return Vec::new();
    }
    assert_eq!(version["filedb"], "filedb.db");
    let filedb_bytes = get(store, "update/filedb.db", version["s3_versionid"].as_str()).await;
    let rows: Vec<(String, Value)> = serde_json::from_slice(&filedb_bytes).unwrap();
    let old_rows: Vec<(String, Value)> =
        local("filedb.db").map(|rows| serde_json::from_value(rows).unwrap()).unwrap_or_default();
    let old_rows: BTreeMap<String, Value> = old_rows.into_iter().collect();
    let mut fetched = Vec::new();
    for (path, row) in rows {
        if old_rows.get(&path).is_none_or(|old| row["version"].as_u64() > old["version"].as_u64()) {
            let bytes = get(store, &format!("update/{path}"), row["s3_versionid"].as_str()).await;
            assert_eq!(md5_hex(&bytes), row["checksum"], "the list must tell the truth about {path}");
            write(&folder.join(&path), &bytes);
            fetched.push(path);
        }
    }
    write(&folder.join("filedb.db"), &filedb_bytes);
    write(&folder.join("version.json"), &version_bytes);
    fetched
}

/// Publishes by the 2017 rules.
pub async fn publisher_2017(world: &World, files: &[(&str, &[u8])], number: u64) {
    let store = &*world.place.store;
    let mut rows = Vec::new();
    for (path, bytes) in files {
        let version = put(store, &format!("update/{path}"), bytes.to_vec()).await;
        rows.push(json!([path, {"checksum": md5_hex(bytes), "version": number, "s3_versionid": version}]));
    }
    let filedb = put(store, "update/filedb.db", serde_json::to_vec(&rows).unwrap()).await;
    let version = json!({"version": number, "filedb": "filedb.db", "s3_versionid": filedb});
    put(store, "update/version.json", serde_json::to_vec(&version).unwrap()).await;
    world.invalidate("update/version.json").await;
}

pub fn without_2017_files(folder: &Path) -> Tree {
    let mut files = tree(folder);
    files.remove("filedb.db");
    files.remove("version.json");
    files
}

#[tokio::test]
async fn a_2017_client_follows_every_release_of_naru() {
    let world = World::new().await;
    let folder = tempfile::TempDir::new().unwrap();
    let one: &[(&str, &[u8])] = &[("a", b"one"), ("b/한글.txt", b"same"), ("c", b"one")];
    world.set_build(one);
    world.publish().await.unwrap();
    assert_eq!(client_2017(&*world.place.edge, folder.path()).await.len(), 3);
    assert_eq!(without_2017_files(folder.path()), expected(one));

    let two: &[(&str, &[u8])] = &[("a", b"two"), ("b/한글.txt", b"same"), ("c", b"one"), ("moved", b"same")];
    world.set_build(two);
    world.publish().await.unwrap();
    assert_eq!(client_2017(&*world.place.edge, folder.path()).await, ["a", "moved"], "only what changed");
    assert_eq!(without_2017_files(folder.path()), expected(two));

    roll_back(&world.publisher(), 1).await.unwrap();
    assert_eq!(client_2017(&*world.place.edge, folder.path()).await, ["a"], "a rollback is followed too");
    assert_eq!(without_2017_files(folder.path())["a"], b"one");
}

#[tokio::test]
async fn a_2017_client_that_skipped_releases_is_not_misled_by_a_path_that_came_back() {
    let world = World::new().await;
    let folder = tempfile::TempDir::new().unwrap();
    world.set_build(&[("a", b"1"), ("b", b"1")]);
    world.publish().await.unwrap();
    world.set_build(&[("a", b"2"), ("b", b"1")]);
    world.publish().await.unwrap();
    client_2017(&*world.place.edge, folder.path()).await;
    world.set_build(&[("b", b"1")]);
    world.publish().await.unwrap();
    world.set_build(&[("a", b"again"), ("b", b"1")]);
    world.publish().await.unwrap();
    assert_eq!(
        client_2017(&*world.place.edge, folder.path()).await,
        ["a"],
        "its old `a` must count as older"
    );
    assert_eq!(without_2017_files(folder.path())["a"], b"again");
}

#[tokio::test]
async fn naru_updates_from_a_2017_bucket_and_takes_it_over() {
    let world = World::new().await;
    let one: &[(&str, &[u8])] = &[("a", b"one"), ("dir/b", b"bbb"), ("big", &[7; 200_000])];
    publisher_2017(&world, one, 4).await;
    let updated = world.update().await.unwrap();
    assert_eq!((updated.to, updated.downloaded_files), (4, 3));
    assert_eq!(world.installed(), expected(one));
    assert_eq!(world.verify().await.unwrap().wounds, [], "what arrived is in the ledger by BLAKE3");
    assert!(world.updater().plan().await.unwrap().is_empty());

    let two: &[(&str, &[u8])] = &[("a", b"two"), ("dir/b", b"bbb"), ("big", &[7; 200_000])];
    publisher_2017(&world, two, 5).await;
    let updated = world.update().await.unwrap();
    assert!(updated.downloaded_bytes <= 6, "only what changed: {updated:?}");
    assert_eq!(world.installed(), expected(two));

    let three: &[(&str, &[u8])] = &[("a", b"two"), ("dir/b", b"now Naru's"), ("big", &[7; 200_000])];
    world.set_build(three);
    let plan = world.publisher().plan().await.unwrap();
    assert!(plan.takes_over_2017 && plan.live == Some(5));
    let published = world.publisher().publish(plan).await.unwrap();
    assert_eq!((published.number, published.uploaded_files), (6, 1), "what MD5 knows is not sent again");
    assert_eq!(world.update().await.unwrap().downloaded_files, 1);
    assert_eq!(world.installed(), expected(three));
    let numbers: Vec<_> =
        world.publisher().releases().await.unwrap().iter().map(|r| (r.number, r.made_by_2017)).collect();
    assert_eq!(numbers, [(6, false), (5, true), (4, true)], "the old releases are listed for what they are");
}

#[tokio::test]
async fn a_file_whose_2017_version_is_ahead_of_the_release_grows_all_the_same() {
    let world = World::new().await;
    let folder = tempfile::TempDir::new().unwrap();
    let store = &*world.place.store;
    let version = put(store, "update/a", b"one".to_vec()).await;
    let rows = json!([["a", {"checksum": md5_hex(b"one"), "version": 40, "s3_versionid": version}]]);
    let filedb = put(store, "update/filedb.db", serde_json::to_vec(&rows).unwrap()).await;
    let pointer = json!({"version": 4, "filedb": "filedb.db", "s3_versionid": filedb});
    put(store, "update/version.json", serde_json::to_vec(&pointer).unwrap()).await;
    client_2017(&*world.place.edge, folder.path()).await;

    world.set_build(&[("a", b"two")]);
    assert_eq!(world.publish().await.unwrap().number, 5);
    assert_eq!(client_2017(&*world.place.edge, folder.path()).await, ["a"], "41 is more than 40");
    world.set_build(&[("a", b"three")]);
    world.publish().await.unwrap();
    client_2017(&*world.place.edge, folder.path()).await;
    roll_back(&world.publisher(), 5).await.unwrap();
    assert_eq!(client_2017(&*world.place.edge, folder.path()).await, ["a"]);
    assert_eq!(without_2017_files(folder.path()), expected(&[("a", b"two")]));
}

#[tokio::test]
async fn a_2017_bucket_with_damaged_bytes_is_refused() {
    let world = World::new().await;
    publisher_2017(&world, &[("a", b"one")], 0).await;
    let version = put(&*world.place.store, "update/a", b"0ne".to_vec()).await;
    let rows = json!([["a", {"checksum": md5_hex(b"one"), "version": 0, "s3_versionid": version}]]);
    let filedb = put(&*world.place.store, "update/filedb.db", serde_json::to_vec(&rows).unwrap()).await;
    let pointer = json!({"version": 0, "filedb": "filedb.db", "s3_versionid": filedb});
    put(&*world.place.store, "update/version.json", serde_json::to_vec(&pointer).unwrap()).await;
    assert!(world.update().await.is_err(), "MD5 is all there is, and it is checked");
    assert!(!world.install().join("a").exists());
}

#[tokio::test]
async fn a_folder_that_the_2017_client_left_is_adopted() {
    let world = World::new().await;
    let same = vec![1; 300_000];
    world.set_build(&[("a", b"one"), ("same", &same), ("gone", b"g"), ("opt.ini", b"default")]);
    world.publish().await.unwrap();
    client_2017(&*world.place.edge, &world.install()).await;
    world.disturb("save.dat", b"mine");
    world.set_build(&[("a", b"two"), ("same", &same), ("opt.ini", b"default 2")]);
    world.publish().await.unwrap();
    let updated = world.update().await.unwrap();
    assert_eq!(updated.downloaded_bytes, 3 + 9, "what is there is not downloaded again");
    let now = without_2017_files(&world.install());
    let whole: &[(&str, &[u8])] =
        &[("a", b"two"), ("same", &same), ("save.dat", b"mine"), ("opt.ini", b"default 2")];
    assert_eq!(now, expected(whole), "its removed files go at last, the player's own stay");
}

#[tokio::test]
async fn settings_that_only_the_player_has_changed_are_not_called_the_release_s() {
    let world = World::new().await;
    world.set_build(&[("a", b"one"), ("opt.ini", b"default"), ("other.ini", b"default")]);
    world.publish().await.unwrap();
    client_2017(&*world.place.edge, &world.install()).await;
    world.disturb("opt.ini", b"mine");
    world.disturb("other.ini", b"mine too");
    world.set_build(&[("a", b"two"), ("opt.ini", b"default"), ("other.ini", b"default 2")]);
    world.publish().await.unwrap();
    let plan = world.updater().plan().await.unwrap();
    let other: Vec<_> = plan.kept.iter().map(|path| path.as_str()).collect();
    assert_eq!(other, ["other.ini"], "the release has not changed opt.ini");
    world.updater().update(plan).await.unwrap();
    let now = without_2017_files(&world.install());
    let whole: &[(&str, &[u8])] =
        &[("a", b"two"), ("opt.ini", b"mine"), ("other.ini", b"mine too"), ("other.ini.new", b"default 2")];
    assert_eq!(now, expected(whole), "and puts nothing beside it");
    assert_eq!(world.verify().await.unwrap().wounds, []);
    assert!(world.updater().plan().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_2017_release_after_one_of_naru_leaves_the_player_s_files_alone() {
    let world = World::new().await;
    world.set_build(&[("a.ini", b"1"), ("saves/1.sav", b"start"), ("x", b"1")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    world.disturb("a.ini", b"mine");
    world.disturb("saves/1.sav", b"hours");
    publisher_2017(&world, &[("a.ini", b"2"), ("saves/1.sav", b"new start"), ("x", b"2")], 2).await;
    world.update().await.unwrap();
    let now = world.installed();
    assert_eq!((&now["a.ini"][..], &now["saves/1.sav"][..]), (&b"mine"[..], &b"hours"[..]));
    assert_eq!((&now["a.ini.new"][..], &now["x"][..]), (&b"2"[..], &b"2"[..]));
    assert_eq!(world.verify().await.unwrap().wounds, []);
    assert!(world.updater().plan().await.unwrap().is_empty());
}

#[tokio::test]
async fn names_of_a_2017_bucket_that_no_system_should_hold_cost_only_themselves() {
    let world = World::new().await;
    let decomposed = "\u{1112}\u{1161}\u{11ab}.txt";
    publisher_2017(&world, &[("a", b"one"), (decomposed, b"from a Mac"), ("b:c", b"not on Windows")], 1)
        .await;
    world.update().await.unwrap();
    assert_eq!(world.installed(), expected(&[("a", b"one"), ("\u{d55c}.txt", b"from a Mac")]));
    world.set_build(&[("a", b"one"), ("\u{d55c}.txt", b"from a Mac")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    assert_eq!(world.installed(), expected(&[("a", b"one"), ("\u{d55c}.txt", b"from a Mac")]));
    assert_eq!(world.verify().await.unwrap().wounds, [], "also when Naru has taken the bucket over");
}
