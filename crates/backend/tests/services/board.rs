//! The board and the statistics.

use naru_backend::http::Options;
use naru_backend::{domain::ServiceLimits, feed_until};
use naru_protocol::{
    Bar2017, DatasetUpdate, ProblemCode, RecordChange, ScoreHistory, ScoreboardPage, Standing2017,
};
use reqwest::Method;

use crate::bot::Bot;
use crate::server::{Server, code, submission};

async fn score(server: &Server, bot: &mut Bot, player: u32, luck: u32) -> u32 {
    let run = server.run(player).await;
    let flight = bot.play(run.seed, luck);
    server.play(&flight.recording);
    server.submit(player, &submission(&run, &flight.recording)).await.unwrap().score
}

async fn name(server: &Server, player: u32, nickname: &str, sync_count: u64) {
    let change = RecordChange { key: "nickname".into(), value: Some(nickname.into()), sync_count };
    let update = DatasetUpdate { changes: vec![change] };
    let request = server.request(Method::PATCH, "/datasets/profile", player).json(&update);
    assert!(request.send().await.unwrap().status().is_success());
}

#[tokio::test]
async fn pages_hold_everyone_once_and_know_who_asks() {
    let (server, mut bot) = (Server::start().await, Bot::start());
    for player in 1..=7 {
        score(&server, &mut bot, player, player).await;
    }
    let mut all = Vec::new();
    let mut path = "/scoreboard?limit=3".to_owned();
    loop {
        let page: ScoreboardPage = server.get(&path, 5).await;
        all.extend(page.standings);
        assert!(all.contains(&page.own.clone().unwrap()) || page.next.is_some());
        let Some(next) = page.next else { break };
        path = format!("/scoreboard?limit=3&after={next}");
    }
    assert_eq!(all.iter().map(|standing| standing.rank).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 7]);
    assert!(all.is_sorted_by(|one, other| one.score >= other.score));

    let page: ScoreboardPage = server.get("/scoreboard", None).await;
    assert_eq!((page.standings.len(), page.own, page.next), (7, None, None));
    let stranger: ScoreboardPage = server.get("/scoreboard?limit=1", 99).await;
    assert_eq!(stranger.own, None);
    let text = server.request(Method::GET, "/scoreboard", None).send().await.unwrap().text().await.unwrap();
    assert!(!text.contains("player-"), "nobody's id is shown to others");
}

#[tokio::test]
async fn the_profile_gives_the_name_at_once() {
    let (server, mut bot) = (Server::start().await, Bot::start());
    name(&server, 1, "나루지기", 0).await;
    score(&server, &mut bot, 1, 1).await;
    let page: ScoreboardPage = server.get("/scoreboard", 1).await;
    assert_eq!(page.own.unwrap().nickname.as_deref(), Some("나루지기"));
    name(&server, 1, "사공", 1).await;
    let page: ScoreboardPage = server.get("/scoreboard", 1).await;
    assert_eq!(page.standings[0].nickname.as_deref(), Some("사공"));
    server.request(Method::DELETE, "/datasets/profile", 1).send().await.unwrap();
    let page: ScoreboardPage = server.get("/scoreboard", 1).await;
    assert_eq!(page.standings[0].nickname, None);
}

#[tokio::test]
async fn pages_that_make_no_sense_are_refused() {
    let server = Server::start().await;
    for query in ["limit=0", "limit=101", "limit=x", "after=", "after=1.2.3", "page=2"] {
        let path = format!("/scoreboard?{query}");
        assert_eq!(code(server.request(Method::GET, &path, None)).await, ProblemCode::BadRequest, "{query}");
    }
    for query in ["width=0", "width=100001"] {
        let path = format!("/scorehistory?{query}");
        assert_eq!(code(server.request(Method::GET, &path, None)).await, ProblemCode::BadRequest, "{query}");
    }
}

#[tokio::test]
async fn the_feeder_counts_each_new_score() {
    let (server, mut bot) = (Server::start().await, Bot::start());
    score(&server, &mut bot, 1, 1).await;
    let feeder = tokio::spawn(feed_until(server.services.clone(), |_| {}, std::future::pending()));
    for total in 1..=3 {
        // The answer to a score does not wait for the count of it.
        while server.get::<ScoreHistory>("/scorehistory", None).await.total < total {
            tokio::task::yield_now().await;
        }
        score(&server, &mut bot, 1, 1).await;
    }
    feeder.abort();
}

#[tokio::test]
async fn the_shapes_of_2017_are_there_when_switched_on() {
    let server = Server::start().await;
    for path in ["/2017/scoreboard", "/2017/scorehistory"] {
        assert_eq!(code(server.request(Method::GET, path, None)).await, ProblemCode::NotFound);
    }
    let options = Options { shapes_2017: true, ..Options::default() };
    let (server, mut bot) = (Server::start_with(ServiceLimits::default(), options).await, Bot::start());
    let first = score(&server, &mut bot, 1, 1).await;
    name(&server, 1, "사공", 0).await;
    score(&server, &mut bot, 2, 2).await;
    server.feed().await;
    let board: Vec<Standing2017> = server.get("/2017/scoreboard", None).await;
    assert!(board.contains(&Standing2017 { username: "사공".to_owned(), score: first }));
    assert!(board[0].score >= board[1].score);
    let history: Vec<Bar2017> = server.get("/2017/scorehistory", None).await;
    assert_eq!(history.iter().map(|bar| bar.totalcount).sum::<u64>(), 2);
    let claim = serde_json::json!({"username": "사공", "score": 1_000_000});
    let claim = server.request(Method::POST, "/2017/scoreboard", None).json(&claim);
    assert_eq!(code(claim).await, ProblemCode::MethodNotAllowed, "nobody's claim is believed");
}
