//! The feeder, which consumes the stream of a host that has no Lambda to do it.

use naru_backend::feed_until;
use naru_protocol::ScoreHistory;

use crate::cases::bot::Bot;
use crate::cases::service::{Service, submission};

#[tokio::test]
async fn the_feeder_counts_each_new_score() {
    let Some(service) = Service::start().await else { return };
    let mut bot = Bot::start();
    let feeder = tokio::spawn(feed_until(service.host.services.clone(), |_| {}, std::future::pending()));
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
