//! What happens without a count of places.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use naru_backend::domain::{Best, BoardKey, PlayerId, RunId, Score};
use naru_backend::flows::{issue_run, submit_score};
use naru_backend::ports::{ScoreBoard, StoreError};
use naru_backend::{Services, http};
use naru_protocol::{ScoreReceipt, ScoreSubmission, ScoreboardPage};

use crate::cases::bot::Bot;
use crate::cases::service::Service;

/// A board on which counting fails, or takes too long.
struct Uncounted {
    board: Arc<dyn ScoreBoard>,
    hangs: bool,
}

#[async_trait]
impl ScoreBoard for Uncounted {
    async fn page(&self, after: Option<&BoardKey>, limit: usize) -> Result<Vec<Best>, StoreError> {
        self.board.page(after, limit).await
    }

    async fn count_before(&self, _: &BoardKey) -> Result<u64, StoreError> {
        if self.hangs {
            tokio::time::sleep(Duration::from_secs(60)).await;
        }
        Err(StoreError::new("counting the places of the board", "the index is busy"))
    }

    async fn best_of(&self, player: &PlayerId) -> Result<Option<Best>, StoreError> {
        self.board.best_of(player).await
    }

    async fn rename(&self, player: &PlayerId, nickname: Option<&str>) -> Result<(), StoreError> {
        self.board.rename(player, nickname).await
    }
}

fn uncounted(services: &Services, hangs: bool) -> Services {
    let board = Arc::new(Uncounted { board: services.board.clone(), hangs });
    Services { board, ..services.clone() }
}

fn player(number: u32) -> PlayerId {
    PlayerId::parse(&format!("ap-northeast-2:{number:08}-0000-4000-8000-000000000000")).unwrap()
}

async fn play(service: &Service, services: &Services) -> ScoreReceipt {
    let run = issue_run(services, &player(1)).await.unwrap();
    let recording = Bot::start().play(run.seed, 1).recording;
    service.play(&recording).await;
    let (run_id, rules_version) = (run.id.to_string(), run.rules_version);
    submit_score(services, &player(1), &ScoreSubmission { run_id, rules_version, recording }).await.unwrap()
}

#[tokio::test]
async fn a_score_has_its_receipt_when_its_rank_cannot_be_counted() {
    let Some(service) = Service::start().await else { return };
    for hangs in [false, true] {
        let receipt = play(&service, &uncounted(&service.host.services, hangs)).await;
        assert_eq!(receipt.rank, None, "the score is stored, and a refusal would say that it is not");
        assert!(receipt.best >= receipt.score);
    }
    assert_eq!(play(&service, &service.host.services).await.rank, Some(1));
}

#[tokio::test]
async fn a_page_costs_the_same_however_low_it_is() {
    let Some(service) = Service::start().await else { return };
    let services = uncounted(&service.host.services, false);
    for number in 1..=7 {
        let (run, at) = (RunId::from_random([number; 16]), services.clock.now());
        let player = player(number.into());
        let score = Score { run, player, points: number.into(), at, recording: [number; 32] };
        services.scores.record(&score, None).await.unwrap();
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let board = format!("http://{}/scoreboard?limit=3", listener.local_addr().unwrap());
    let router = http::services_router(services, http::Options::default());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let (mut ranks, mut address) = (Vec::new(), board.clone());
    loop {
        let answer = reqwest::get(&address).await.unwrap();
        assert_eq!(answer.status(), 200, "no page needs a count: {address}");
        let page: ScoreboardPage = answer.json().await.unwrap();
        ranks.extend(page.standings.iter().map(|standing| (standing.rank, standing.score)));
        let Some(next) = page.next else { break };
        address = format!("{board}&after={next}");
    }
    assert_eq!(ranks, [(1, 7), (2, 6), (3, 5), (4, 4), (5, 3), (6, 2), (7, 1)]);
}
