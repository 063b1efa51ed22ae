//! What a failure is classified as, and what it leaves behind.

use std::fs;

use naru_operations::{
    Answer, Changed, OperationError, OperationErrorKind, proceed, publish, releases, repair, roll_back,
    update, verify,
};
use naru_patcher::PublishPlan;
use naru_protocol::ErrorCode;

use crate::world::World;

/// The failure of an operation that had to fail.
fn failure<T>(ended: Result<T, OperationError>) -> OperationError {
    match ended {
        Ok(_) => panic!("it had to fail"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn an_empty_channel_has_nothing_to_install() {
    let world = World::new();
    let error = failure(update(&world.updater(), &world.tracker, proceed).await);
    assert_eq!(error.kind(), OperationErrorKind::Code(ErrorCode::NotFound), "{error}");
    assert_eq!(error.changed, Changed::OnlyStage);
    assert!(error.to_string().contains("no release has been published"), "{error}");
}

#[tokio::test]
async fn a_folder_without_a_game_is_told_from_other_missing_things() {
    let world = World::new();
    let error = failure(verify(&world.install(), &world.tracker).await);
    assert_eq!(error.kind(), OperationErrorKind::NotInstalled, "{error}");
    assert_eq!((error.code(), error.changed), (ErrorCode::NotFound, Changed::OnlyRead));
    let world = world.next();
    let error = failure(repair(&world.updater(), &world.tracker).await);
    assert_eq!((error.kind(), error.changed), (OperationErrorKind::NotInstalled, Changed::OnlyStage));
}

#[tokio::test]
async fn verifying_an_interrupted_update_does_more_than_read() {
    let world = World::new();
    world.publish().await;
    let world = world.next();
    world.update().await;
    world.write("install/.naru/journal", "cut off");
    let world = world.next();
    let error = failure(verify(&world.install(), &world.tracker).await);
    assert_eq!(error.changed, Changed::Midway, "the commit has begun: files may differ already: {error}");
}

#[tokio::test]
async fn a_release_that_the_store_has_lost_leaves_the_game_as_it_was() {
    let world = World::new();
    world.publish().await;
    let world = world.next();
    world.update().await;
    world.write("build/index.html", "<p>a new cave</p>");
    let world = world.next();
    world.publish().await;
    for version in naru_store::WriteStore::versions(&*world.store, "update/index.html").await.expect("memory")
    {
        world.store.expire("update/index.html", &version.version);
    }
    let world = world.next();
    let error = failure(update(&world.updater(), &world.tracker, proceed).await);
    assert_eq!(error.code(), ErrorCode::NotFound, "{error}");
    assert_eq!(error.changed, Changed::OnlyStage);
    assert_eq!(world.read("install/index.html"), "<p>cave</p>");
}

#[tokio::test]
async fn a_build_that_is_not_there_is_found_out_before_anything_is_sent() {
    let world = World::new();
    fs::remove_dir_all(world.path("build")).expect("it is there");
    let error = failure(publish(&world.publisher(), &world.tracker, proceed).await);
    assert_eq!((error.code(), error.changed), (ErrorCode::NotFound, Changed::Nothing), "{error}");
    let error = failure(roll_back(&world.log(), &world.tracker, (9, ""), proceed).await);
    assert_eq!((error.code(), error.changed), (ErrorCode::NotFound, Changed::Nothing), "{error}");
    assert!(releases(&world.log(), &world.tracker).await.is_ok_and(|listed| listed.is_empty()));
}

/// The failure of a root that can't show a plan.
#[derive(Debug, PartialEq)]
enum RootError {
    NoTerminal,
    Operation,
}

impl From<OperationError> for RootError {
    fn from(_: OperationError) -> Self {
        Self::Operation
    }
}

#[tokio::test]
async fn a_root_that_fails_while_it_asks_ends_the_operation() {
    let world = World::new();
    let refuse = async |_: &PublishPlan| Err::<Answer, _>(RootError::NoTerminal);
    let ended = publish(&world.publisher(), &world.tracker, refuse).await;
    assert_eq!(ended.err(), Some(RootError::NoTerminal));
    assert_eq!(world.keys().await, Vec::<String>::new(), "without an answer nothing is published");
    fs::remove_dir_all(world.path("build")).expect("it is there");
    let ended = publish(&world.publisher(), &world.tracker, async |_| Ok(Answer::Proceed)).await;
    assert_eq!(ended.err(), Some(RootError::Operation));
}
