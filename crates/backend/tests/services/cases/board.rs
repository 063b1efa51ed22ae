//! The board and the statistics.

use naru_protocol::{
    Bar2017, DatasetUpdate, ProblemCode, RecordChange, ScoreHistory, ScoreboardPage, Standing2017,
};
use reqwest::Method;

use super::bot::Bot;
use super::service::{Service, Setting, code, submission};

async fn score(service: &Service, bot: &mut Bot, player: u32, luck: u32) -> u32 {
    let run = service.run(player).await;
    let flight = bot.play(run.seed, luck);
    service.play(&flight.recording).await;
    service.submit(player, &submission(&run, &flight.recording)).await.unwrap().score
}

async fn name(service: &Service, player: u32, nickname: &str, sync_count: u64) {
    let change = RecordChange { key: "nickname".into(), value: Some(nickname.into()), sync_count };
    let update = DatasetUpdate { changes: vec![change] };
    let request = service.request(Method::PATCH, "/datasets/profile", player).json(&update);
    assert!(request.send().await.unwrap().status().is_success());
}

#[tokio::test]
async fn pages_hold_everyone_once_and_know_who_asks() {
    let Some(service) = Service::start().await else { return };
    let mut bot = Bot::start();
    for player in 1..=7 {
        score(&service, &mut bot, player, player).await;
    }
    // A rank may be a minute old, and others have risen since it was counted.
    service.host.advance(60_000).await;
    let mut all = Vec::new();
    let mut path = "/scoreboard?limit=3".to_owned();
    loop {
        let page: ScoreboardPage = service.get(&path, 5).await;
        all.extend(page.standings);
        assert!(all.contains(&page.own.clone().unwrap()) || page.next.is_some());
        let Some(next) = page.next else { break };
        path = format!("/scoreboard?limit=3&after={next}");
    }
    assert_eq!(all.iter().map(|standing| standing.rank).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 7]);
    assert!(all.is_sorted_by(|one, other| one.score >= other.score));

    let page: ScoreboardPage = service.get("/scoreboard", None).await;
    assert_eq!((page.standings.len(), page.own, page.next), (7, None, None));
    let stranger: ScoreboardPage = service.get("/scoreboard?limit=1", 99).await;
    assert_eq!(stranger.own, None);
    let text = service.request(Method::GET, "/scoreboard", None).send().await.unwrap().text().await.unwrap();
    assert!(!text.contains("player-"), "nobody's id is shown to others");
}

#[tokio::test]
async fn the_profile_gives_the_name_at_once() {
    let Some(service) = Service::start().await else { return };
    let mut bot = Bot::start();
    name(&service, 1, "나루지기", 0).await;
    score(&service, &mut bot, 1, 1).await;
    let page: ScoreboardPage = service.get("/scoreboard", 1).await;
    assert_eq!(page.own.unwrap().nickname.as_deref(), Some("나루지기"));
    name(&service, 1, "사공", 1).await;
    let page: ScoreboardPage = service.get("/scoreboard", 1).await;
    assert_eq!(page.standings[0].nickname.as_deref(), Some("사공"));
    service.request(Method::DELETE, "/datasets/profile", 1).send().await.unwrap();
    let page: ScoreboardPage = service.get("/scoreboard", 1).await;
    assert_eq!(page.standings[0].nickname, None);
}

#[tokio::test]
async fn pages_that_make_no_sense_are_refused() {
    let Some(service) = Service::start().await else { return };
    let without_a_rank = format!("after=7.1700000000000.{}", "0".repeat(32));
    let of_nobody = format!("after=1000000000000000.7.1700000000000.{}", "0".repeat(32));
    let cursors = [without_a_rank.as_str(), &of_nobody];
    for query in ["limit=0", "limit=101", "limit=x", "after=", "after=1.2.3", "page=2"].iter().chain(&cursors)
    {
        let path = format!("/scoreboard?{query}");
        assert_eq!(code(service.request(Method::GET, &path, None)).await, ProblemCode::BadRequest, "{query}");
    }
    for query in ["width=0", "width=100001"] {
        let path = format!("/scorehistory?{query}");
        assert_eq!(code(service.request(Method::GET, &path, None)).await, ProblemCode::BadRequest, "{query}");
    }
}

#[tokio::test]
async fn the_history_follows_the_stream_and_counts_each_score_once() {
    let Some(service) = Service::start().await else { return };
    let mut bot = Bot::start();
    for total in 1..=3 {
        score(&service, &mut bot, 1, total).await;
        for _ in 0..2 {
            service.host.feed().await;
            let history: ScoreHistory = service.get("/scorehistory", None).await;
            assert_eq!(history.total, u64::from(total), "nothing new is nothing to count");
        }
    }
}

#[tokio::test]
async fn the_shapes_of_2017_are_there_when_switched_on() {
    let Some(service) = Service::start().await else { return };
    for path in ["/2017/scoreboard", "/2017/scorehistory"] {
        assert_eq!(code(service.request(Method::GET, path, None)).await, ProblemCode::NotFound);
    }
    let setting = Setting { shapes_2017: true, ..Setting::default() };
    let Some(service) = Service::start_with(setting).await else { return };
    let mut bot = Bot::start();
    let first = score(&service, &mut bot, 1, 1).await;
    name(&service, 1, "사공", 0).await;
    score(&service, &mut bot, 2, 2).await;
    service.host.feed().await;
    let board: Vec<Standing2017> = service.get("/2017/scoreboard", None).await;
    assert!(board.contains(&Standing2017 { username: "사공".to_owned(), score: first }));
    assert!(board[0].score >= board[1].score);
    let history: Vec<Bar2017> = service.get("/2017/scorehistory", None).await;
    assert_eq!(history.iter().map(|bar| bar.totalcount).sum::<u64>(), 2);
    let claim = serde_json::json!({"username": "사공", "score": 1_000_000});
    let claim = service.request(Method::POST, "/2017/scoreboard", None).json(&claim);
    assert_eq!(code(claim).await, ProblemCode::MethodNotAllowed, "nobody's claim is believed");
}
