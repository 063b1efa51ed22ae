//! What a player does while an update is under way.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use naru_patcher::{
    Phase, PhaseProgress, ProgressSink, Silent, Total, UpdateError, UpdateOptions, Updated, Updater, Warning,
};
use naru_store::{Body, ObjectRef, ReadStore, StoreError, Stored};

use crate::world::{World, noise, write};

/// A store that runs an action whenever a file is requested.
struct Meddler<F> {
    edge: Arc<dyn ReadStore>,
    key: &'static str,
    deed: Mutex<F>,
}

#[async_trait]
impl<F: FnMut() + Send> ReadStore for Meddler<F> {
    async fn open(&self, object: &ObjectRef, range: Option<Range<u64>>) -> Result<Body, StoreError> {
        if object.key == self.key {
            (self.deed.lock().unwrap())();
        }
        self.edge.open(object, range).await
    }

    async fn stat(&self, object: &ObjectRef) -> Result<Option<Stored>, StoreError> {
        self.edge.stat(object).await
    }

    fn name(&self) -> &str {
        self.edge.name()
    }
}

/// Updates while `deed` is done at each fetch of `key`.
async fn update_while(
    world: &World,
    key: &'static str,
    deed: impl FnMut() + Send + 'static,
) -> Result<Updated, UpdateError> {
    let store = Meddler { edge: world.place.edge.clone(), key, deed: Mutex::new(deed) };
    let updater =
        Updater::new(Arc::new(store), world.install_folder(), UpdateOptions::default(), Arc::new(Silent));
    let plan = updater.plan().await?;
    updater.update(plan).await
}

#[tokio::test]
async fn a_config_file_that_is_edited_during_the_download_stays() {
    let world = World::new().await;
    world.set_build(&[("a.ini", b"a1"), ("x", b"1")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    world.set_build(&[("a.ini", b"a2"), ("x", b"2")]);
    world.publish().await.unwrap();
    let place = world.install().join("a.ini");
    let updated = update_while(&world, "update/x", move || write(&place, b"mine, just now")).await.unwrap();
    let now = world.installed();
    assert_eq!(now["a.ini"], b"mine, just now", "the plan was made before the edit, the commit is not");
    assert_eq!((&now["a.ini.new"][..], &now["x"][..]), (&b"a2"[..], &b"2"[..]));
    assert_eq!(updated.kept.len(), 1, "and the player is told");
}

#[tokio::test]
async fn a_file_that_appears_during_the_download_is_moved_aside() {
    let world = World::new().await;
    world.set_build(&[("x", b"1")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    world.set_build(&[("x", b"2"), ("readme", b"ours"), ("readme.old", b"also ours")]);
    world.publish().await.unwrap();
    let place = world.install().join("readme");
    update_while(&world, "update/x", move || write(&place, b"the player's")).await.unwrap();
    let now = world.installed();
    assert_eq!((&now["readme"][..], &now["readme.old"][..]), (&b"ours"[..], &b"also ours"[..]));
    assert_eq!(now["readme.old2"], b"the player's", "beside ours, and not under a name that is ours too");
}

#[tokio::test]
async fn a_moved_file_that_is_written_to_during_the_download_arrives_whole() {
    let world = World::new().await;
    let moved = noise(200_000, 2);
    world.set_build(&[("old.bin", &moved), ("x", b"1")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    world.set_build(&[("new.bin", &moved), ("x", b"2")]);
    world.publish().await.unwrap();
    let place = world.install().join("old.bin");
    // In place: the staged file is another name of the same inode.
    update_while(&world, "update/x", move || write(&place, &[7; 200_000])).await.unwrap();
    assert_eq!(world.installed()["new.bin"], moved, "what was verified is what is put in place");
    assert_eq!(world.verify().await.unwrap().wounds, []);
}

#[tokio::test]
async fn a_stage_that_is_removed_while_it_fills_never_makes_a_damaged_game() {
    let world = World::new().await;
    world.set_build(&[("big.bin", &noise(3_500_000, 4)), ("x", b"1"), ("y", b"2")]);
    world.publish().await.unwrap();
    for key in ["update/big.bin", "update/x", "update/y"] {
        let stage = world.install().join(".naru/stage");
        let gone = stage.clone();
        let updated = update_while(&world, key, move || drop(std::fs::remove_dir_all(&gone))).await;
        if updated.is_ok() {
            assert_eq!(world.verify().await.unwrap().wounds, [], "{key}: who says done has done it");
        } else {
            assert!(world.installed().is_empty(), "{key}: nothing is put in place by halves");
        }
        world.update().await.unwrap();
        assert_eq!(world.verify().await.unwrap().wounds, [], "{key}: and the next run finishes");
        std::fs::remove_dir_all(world.install()).unwrap();
    }
}

#[tokio::test]
async fn a_new_plan_does_not_count_what_an_earlier_run_has_fetched() {
    let world = World::new().await;
    world.set_build(&[("big.bin", &noise(2_500_000, 3)), ("x", b"1")]);
    world.publish().await.unwrap();
    let obstacle = world.install().join("x/mine.txt");
    let place = obstacle.clone();
    let refused = update_while(&world, "update/x", move || write(&place, b"the player's")).await;
    assert!(matches!(refused, Err(UpdateError::InTheWay { .. })), "{refused:?}");
    std::fs::remove_dir_all(obstacle.parent().unwrap()).unwrap();
    let plan = world.updater().plan().await.unwrap();
    assert_eq!((plan.download_bytes, plan.staged_bytes), (0, 2_500_001), "all of it is here already");
    let updated = world.updater().update(plan).await.unwrap();
    assert_eq!(updated.downloaded_bytes, 0);
}

/// Writes to a file of the game whenever a download begins.
struct RestlessGame {
    place: PathBuf,
    rounds: AtomicU32,
}

impl ProgressSink for RestlessGame {
    fn start(&self, phase: Phase, _total: Total) -> Box<dyn PhaseProgress> {
        if phase == Phase::Download {
            let round = self.rounds.fetch_add(1, Ordering::Relaxed);
            write(&self.place, &vec![b'g'; round as usize]);
        }
        Box::new(Silent)
    }

    fn warn(&self, _warning: Warning) {}
}

#[tokio::test]
async fn a_file_that_never_rests_is_named_and_nothing_is_touched() {
    let world = World::new().await;
    world.set_build(&[("data.pak", b"1"), ("x", b"1")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    world.set_build(&[("data.pak", b"2"), ("x", b"2")]);
    world.publish().await.unwrap();
    let game = RestlessGame { place: world.install().join("data.pak"), rounds: AtomicU32::new(0) };
    let (store, options) = (world.place.edge.clone(), UpdateOptions::default());
    let updater = Updater::new(store, world.install_folder(), options, Arc::new(game));
    let refused = updater.update(updater.plan().await.unwrap()).await;
    assert!(
        matches!(&refused, Err(UpdateError::Changing { path }) if path.ends_with("data.pak")),
        "{refused:?}"
    );
    assert_eq!(world.installed()["x"], b"1", "nothing of the release is in place");
}
