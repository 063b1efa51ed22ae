//! What happens without a count of places.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use naru_backend::platform::{PlayerId, StoreError};
use naru_backend::scores::{Best, BoardKey, RunId, Score, ScoreBoard, Scores, issue_run, submit_score};
use naru_backend::{Options, Services};
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
}

fn uncounted(scores: &Scores, hangs: bool) -> Scores {
    let board = Arc::new(Uncounted { board: scores.board.clone(), hangs });
    Scores { board, ..scores.clone() }
}

fn player(number: u32) -> PlayerId {
    PlayerId::parse(&format!("ap-northeast-2:{number:08}-0000-4000-8000-000000000000")).unwrap()
}

async fn play(service: &Service, scores: &Scores) -> ScoreReceipt {
    let run = issue_run(scores, &player(1)).await.unwrap();
    let recording = Bot::start().play(run.seed, 1).recording;
    service.play(&recording).await;
    let (run_id, rules_version) = (run.id.to_string(), run.rules_version);
    submit_score(scores, &player(1), &ScoreSubmission { run_id, rules_version, recording }).await.unwrap()
}

#[tokio::test]
async fn a_score_has_its_receipt_when_its_rank_cannot_be_counted() {
    let Some(service) = Service::start().await else { return };
    for hangs in [false, true] {
        let receipt = play(&service, &uncounted(&service.host.services.scores, hangs)).await;
        assert_eq!(receipt.rank, None, "the score is stored, and a refusal would say that it is not");
        assert!(receipt.best >= receipt.score);
    }
    assert_eq!(play(&service, &service.host.services.scores).await.rank, Some(1));
}

#[tokio::test]
async fn a_page_costs_the_same_however_low_it_is() {
    let Some(service) = Service::start().await else { return };
    let scores = uncounted(&service.host.services.scores, false);
    for number in 1..=7 {
        let (run, at) = (RunId::from_random([number; 16]), scores.platform.clock.now());
        let player = player(number.into());
        let score = Score { run, player, points: number.into(), at, recording: [number; 32] };
        scores.scores.record(&score, None).await.unwrap();
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let board = format!("http://{}/scoreboard?limit=3", listener.local_addr().unwrap());
    let services = Services { scores, ..service.host.services.clone() };
    let router = services.router(Options::default());
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
