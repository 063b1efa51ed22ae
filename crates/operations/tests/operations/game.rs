//! Operations on an install folder.

use std::fs;

use naru_operations::{
    Answer, Changed, OperationError, UpdateOutcome, preview_update, repair, status, update, verify,
};
use naru_patcher::UpdatePlan;
use serde_json::json;

use crate::world::{World, stop};

#[tokio::test]
async fn a_plan_that_is_not_wanted_changes_nothing() {
    let world = World::new();
    world.publish().await;
    let world = world.next();
    let outcome = update(&world.updater(), &world.tracker, stop).await.expect("a sound release");
    assert!(outcome.is_none(), "nothing was done: {outcome:?}");
    assert!(!world.path("install/index.html").exists(), "no file is installed");
    let changed = world.tracker.changed();
    assert_eq!(changed, Changed::OnlyStage, "a game that was there would be what it was");
    assert!(!changed.is_visible());
}

#[tokio::test]
async fn a_plan_that_is_wanted_is_carried_out() {
    let world = World::new();
    world.publish().await;
    let world = world.next();
    let mut shown = None;
    let confirm = async |plan: &UpdatePlan| {
        shown = Some((plan.from, plan.to, plan.download_files));
        Ok::<_, OperationError>(Answer::Proceed)
    };
    let outcome = update(&world.updater(), &world.tracker, confirm).await.expect("a sound release");
    assert_eq!(shown, Some((None, 1, 2)), "the root sees the plan before anything is fetched");
    let Some(UpdateOutcome::Installed(release)) = outcome else { panic!("{outcome:?}") };
    assert_eq!((release.from, release.to), (None, 1));
    assert_eq!(world.read("install/index.html"), "<p>cave</p>");
    assert_eq!(world.tracker.changed(), Changed::Everything);
}

#[tokio::test]
async fn an_outcome_is_one_json_object() {
    let world = World::new();
    world.publish().await;
    let world = world.next();
    let installed = json!(world.update().await);
    assert_eq!((&installed["updated"], &installed["to"]), (&json!(true), &json!(1)), "{installed}");
    let world = world.next();
    let outcome = world.update().await;
    assert!(matches!(outcome, UpdateOutcome::UpToDate(_)), "{outcome:?}");
    let none = json!({
        "updated": false, "from": 1, "to": 1, "notes": "", "interrupted": false, "downloaded_bytes": 0,
        "downloaded_files": 0, "resumed_bytes": 0, "moved_files": 0, "deleted_files": 0, "kept": [],
    });
    assert_eq!(json!(outcome), none, "the same fields, so that a program reads one shape");
}

#[tokio::test]
async fn a_preview_leaves_no_trace() {
    let world = World::new();
    world.publish().await;
    let world = world.next();
    let plan = preview_update(&world.updater(), &world.tracker).await.expect("a sound release");
    assert_eq!((plan.to, plan.download_files), (1, 2));
    assert!(!world.path("install").exists(), "the folder is not even made");
    assert_eq!(world.tracker.changed(), Changed::OnlyRead);
}

#[tokio::test]
async fn damage_is_found_and_repaired() {
    let world = World::new();
    world.publish().await;
    let world = world.next();
    world.update().await;
    fs::write(world.path("install/index.html"), "<p>CAVE</p>").expect("it is installed");

    let world = world.next();
    let found = verify(&world.install(), &world.tracker).await.expect("a ledger");
    assert_eq!(found.wounds.len(), 1, "{found:?}");
    assert_eq!(world.read("install/index.html"), "<p>CAVE</p>", "verifying only reads");
    assert_eq!(world.tracker.changed(), Changed::OnlyRead);
    assert!(!world.phases.heard().is_empty(), "the root's own progress is told through the tracker");

    let world = world.next();
    let repaired = repair(&world.updater(), &world.tracker).await.expect("the store has it");
    assert_eq!(repaired.wounds.len(), 1, "{repaired:?}");
    assert_eq!(world.read("install/index.html"), "<p>cave</p>");
    assert_eq!(world.tracker.changed(), Changed::Everything);
}

#[tokio::test]
async fn status_says_what_is_installed() {
    let world = World::new();
    let empty = status(&world.install(), &world.tracker).expect("nothing there is no failure");
    assert_eq!(empty.installed, None);
    world.publish().await;
    let world = world.next();
    world.update().await;
    let world = world.next();
    let installed = status(&world.install(), &world.tracker).expect("a ledger");
    assert_eq!((installed.installed, installed.files), (Some(1), 2));
    assert_eq!(world.tracker.changed(), Changed::OnlyRead);
}
