//! Operations on a channel.

use naru_operations::{
    Answer, Changed, OperationError, PublishOutcome, proceed, publish, publish_plan, releases, roll_back,
};
use naru_patcher::PublishPlan;
use naru_protocol::ErrorCode;
use serde_json::json;

use crate::world::{World, stop};

#[tokio::test]
async fn a_plan_that_is_not_wanted_reaches_no_store() {
    let world = World::new();
    let outcome = publish(&world.publisher(), &world.tracker, stop).await.expect("a sound build");
    assert!(outcome.is_none(), "nothing was done: {outcome:?}");
    assert_eq!(world.keys().await, Vec::<String>::new());
    assert_eq!(world.tracker.changed(), Changed::Nothing);
}

#[tokio::test]
async fn a_plan_that_is_wanted_is_published() {
    let world = World::new();
    let mut shown = None;
    let confirm = async |plan: &PublishPlan| {
        shown = Some((plan.live, plan.next, plan.files));
        Ok::<_, OperationError>(Answer::Proceed)
    };
    let outcome = publish(&world.publisher(), &world.tracker, confirm).await.expect("a sound build");
    assert_eq!(shown, Some((None, 1, 2)), "the root sees the plan before anything is sent");
    let published = json!(outcome.expect("it was wanted"));
    assert_eq!(published["published"], true, "{published}");
    assert_eq!((&published["number"], &published["channel"]), (&json!(1), &json!("live")), "{published}");
    assert_eq!(world.tracker.changed(), Changed::Everything);
}

#[tokio::test]
async fn a_build_that_is_live_makes_no_release() {
    let world = World::new();
    world.publish().await;
    let world = world.next();
    let outcome = world.publish().await;
    assert!(matches!(outcome, PublishOutcome::AlreadyLive(_)), "{outcome:?}");
    assert_eq!(json!(outcome), json!({"published": false, "number": 1, "files": 2, "bytes": 15}));
    let world = world.next();
    let listed = releases(&world.log(), &world.tracker).await.expect("a sound store");
    assert_eq!(listed.len(), 1, "{listed:?}");
}

#[tokio::test]
async fn a_plan_that_was_overtaken_is_refused() {
    let world = World::new();
    let plan = world.publisher().plan().await.expect("a sound build");
    world.publish().await;
    let world = world.next();
    let overtaken = publish_plan(&world.publisher(), &world.tracker, plan).await;
    let error = overtaken.expect_err("somebody else was first");
    assert_eq!(error.code(), ErrorCode::Conflict, "{error}");
    assert_eq!(error.changed, Changed::OnlyUploads, "players get what they got before");
}

#[tokio::test]
async fn an_earlier_release_goes_live_again() {
    let world = World::new();
    world.publish().await;
    world.write("build/more.txt", "2");
    let world = world.next();
    world.publish().await;

    let world = world.next();
    let declined = roll_back(&world.log(), &world.tracker, (1, ""), stop).await.expect("it is there");
    assert!(declined.is_none(), "nothing was done: {declined:?}");
    assert_eq!(world.tracker.changed(), Changed::Nothing);

    let back = roll_back(&world.log(), &world.tracker, (1, ""), proceed).await;
    let back = json!(back.map_err(|error: OperationError| error).expect("the store has all of it"));
    assert_eq!((&back["published"], &back["number"]), (&json!(true), &json!(3)), "{back}");

    let world = world.next();
    let again = roll_back(&world.log(), &world.tracker, (1, ""), proceed).await;
    let again = again.map_err(|error: OperationError| error).expect("it is live").expect("it was wanted");
    assert!(matches!(again, PublishOutcome::AlreadyLive(_)), "{again:?}");
    assert_eq!(again.release().number, 3);

    let world = world.next();
    let listed = releases(&world.log(), &world.tracker).await.expect("a sound store");
    let numbers: Vec<u64> = listed.iter().map(|release| release.number).collect();
    assert_eq!(numbers, [3, 2, 1], "newest first, and only one release for the three attempts");
    assert_eq!(world.tracker.changed(), Changed::OnlyRead);
}
