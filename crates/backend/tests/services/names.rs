//! The name on the board and the name in the profile, which are two writes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use naru_backend::Services;
use naru_backend::platform::{PlayerId, StoreError};
use naru_backend::player_data::{
    DatasetName, NamesOnBoard, PlayerData, PublicNames, Refusal, change_dataset,
};
use naru_backend::scores::{Recorded, RunId, Score, ScoreStore, Scores, issue_run, submit_score};
use naru_protocol::{DatasetUpdate, RecordChange, ScoreSubmission};

use crate::cases::bot::Bot;
use crate::cases::service::Service;

/// What happens to a request, once, right before its write to the board.
#[derive(Clone, Copy)]
enum Mishap {
    /// Another request of the player changes the profile.
    Rename(&'static str, u64),
    /// It comes no further.
    Fail,
}

/// A store in front of another one.
struct Before {
    services: Services,
    mishap: Mishap,
    happened: AtomicBool,
}

impl Before {
    async fn happen(&self, player: &PlayerId) -> Result<(), StoreError> {
        match self.mishap {
            _ if self.happened.swap(true, Ordering::SeqCst) => {}
            Mishap::Rename(name, sync_count) => {
                rename(&self.services.player_data, player, name, sync_count).await.unwrap()
            }
            Mishap::Fail => return Err(StoreError::new("renaming a player", "the table is busy")),
        }
        Ok(())
    }
}

#[async_trait]
impl ScoreStore for Before {
    async fn record(&self, score: &Score, nickname: Option<&str>) -> Result<Recorded, StoreError> {
        self.happen(&score.player).await?;
        self.services.scores.scores.record(score, nickname).await
    }

    async fn stored(&self, run: &RunId) -> Result<Option<Score>, StoreError> {
        self.services.scores.scores.stored(run).await
    }
}

#[async_trait]
impl NamesOnBoard for Before {
    async fn rename(&self, player: &PlayerId, nickname: Option<&str>) -> Result<(), StoreError> {
        self.happen(player).await?;
        self.services.player_data.names.board.rename(player, nickname).await
    }
}

fn before(services: &Services, mishap: Mishap) -> Arc<Before> {
    Arc::new(Before { services: services.clone(), mishap, happened: AtomicBool::new(false) })
}

/// Player data whose names go to this board.
fn on_board(services: &Services, board: Arc<Before>) -> PlayerData {
    let names = PublicNames { board, ..services.player_data.names.clone() };
    PlayerData { names, ..services.player_data.clone() }
}

fn player() -> PlayerId {
    PlayerId::parse("ap-northeast-2:00000001-0000-4000-8000-000000000000").unwrap()
}

async fn rename(service: &PlayerData, player: &PlayerId, name: &str, sync_count: u64) -> Result<(), Refusal> {
    let change = RecordChange { key: "nickname".into(), value: Some(name.into()), sync_count };
    let update = DatasetUpdate { changes: vec![change] };
    change_dataset(service, player, &DatasetName::parse("profile").unwrap(), &update).await.map(drop)
}

/// A run from its issue to its score. What happens meanwhile is `last`'s.
async fn score(service: &Service, last: &Scores) {
    let run = issue_run(&service.host.services.scores, &player()).await.unwrap();
    let recording = Bot::start().play(run.seed, 1).recording;
    service.play(&recording).await;
    let (run_id, rules_version) = (run.id.to_string(), run.rules_version);
    submit_score(last, &player(), &ScoreSubmission { run_id, rules_version, recording }).await.unwrap();
}

async fn name_on_board(services: &Services) -> Option<String> {
    services.scores.board.best_of(&player()).await.unwrap().unwrap().nickname
}

#[tokio::test]
async fn a_name_that_changes_while_a_score_is_stored_stays() {
    let Some(service) = Service::start().await else { return };
    let services = &service.host.services;
    rename(&services.player_data, &player(), "before", 0).await.unwrap();
    let scores = before(services, Mishap::Rename("after", 1));
    score(&service, &Scores { scores, ..services.scores.clone() }).await;
    assert_eq!(name_on_board(services).await.as_deref(), Some("after"), "the score had read the old name");
}

#[tokio::test]
async fn of_two_changes_at_once_the_later_one_names_the_player() {
    let Some(service) = Service::start().await else { return };
    let services = &service.host.services;
    score(&service, &services.scores).await;
    let board = before(services, Mishap::Rename("later", 1));
    rename(&on_board(services, board), &player(), "earlier", 0).await.unwrap();
    assert_eq!(name_on_board(services).await.as_deref(), Some("later"), "whoever reached the board last");
}

#[tokio::test]
async fn a_repetition_makes_up_for_a_name_that_was_missed() {
    let Some(service) = Service::start().await else { return };
    let services = &service.host.services;
    score(&service, &services.scores).await;
    let board = before(services, Mishap::Fail);
    let lame = on_board(services, board);
    assert!(matches!(rename(&lame, &player(), "name", 0).await, Err(Refusal::Store(_))));
    assert_eq!(name_on_board(services).await, None);
    let again = rename(&lame, &player(), "name", 0).await;
    assert!(matches!(again, Err(Refusal::Dataset(_))), "a conflict with itself: {again:?}");
    assert_eq!(name_on_board(services).await.as_deref(), Some("name"), "the profile has it");
}
