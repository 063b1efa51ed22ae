//! The feeder, which consumes the stream of a host that has no Lambda to do it.

use std::time::Duration;

use jiff::Timestamp;
use naru_backend::platform::PlayerId;
use naru_backend::scores::{RunId, Score};
use naru_protocol::ScoreHistory;
use tokio::task::JoinHandle;

use crate::cases::bot::Bot;
use crate::cases::service::{Service, submission};

fn feed(service: &Service) -> JoinHandle<()> {
    let feeder = service.host.services.feeder.clone();
    tokio::spawn(async move { feeder.feed_until(|_| {}, std::future::pending()).await })
}

#[tokio::test]
async fn the_feeder_counts_each_new_score() {
    let Some(service) = Service::start().await else { return };
    let mut bot = Bot::start();
    let feeder = feed(&service);
    for total in 1..=3 {
        let run = service.run(1).await;
        let flight = bot.play(run.seed, 1);
        service.play(&flight.recording).await;
        service.submit(1, &submission(&run, &flight.recording)).await.unwrap();
        // The answer to a score does not wait for the count of it.
        while service.get::<ScoreHistory>("/scorehistory", None).await.total < total {
            tokio::task::yield_now().await;
        }
    }
    feeder.abort();
}

/// As it is when the client leaves after its score is stored: nothing signals it.
#[tokio::test]
async fn the_feeder_counts_a_score_that_nobody_told_of() {
    let Some(service) = Service::start().await else { return };
    let services = &service.host.services;
    let feeder = feed(&service);
    // Let it find nothing first.
    tokio::time::sleep(Duration::from_millis(200)).await;
    let player = PlayerId::parse("ap-northeast-2:00000001-0000-4000-8000-000000000000").unwrap();
    let score = Score {
        run: RunId::from_random([1; 16]),
        player,
        points: 10,
        at: Timestamp::from_second(1_700_000_000).unwrap(),
        recording: [1; 32],
    };
    services.scores.scores.record(&score, None).await.unwrap();
    let counted = async {
        while service.get::<ScoreHistory>("/scorehistory", None).await.total == 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), counted).await.expect("it is counted soon");
    feeder.abort();
}
