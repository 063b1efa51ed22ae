//! The board, the statistics, and what the game asks through the launcher.

use naru_launcher_core::view::LauncherEvent;
use naru_launcher_core::{GameRequest, GameResponse, Launcher};
use naru_protocol::{ErrorCode, IssuedRun, Problem, ProblemCode, ScoreReceipt};

use naru_launcher_core::view::ProblemCode as Shown;
use naru_launcher_core::{Endpoint, Endpoints};
use naru_testkit::{ChaosProxy, Fault, Nth, Rule};

use crate::person::log_in;
use crate::world::World;

fn request(method: &str, path_and_query: &str, body: &str) -> GameRequest {
    GameRequest {
        method: method.into(),
        path_and_query: path_and_query.into(),
        content_type: Some("application/json".into()),
        body: body.into(),
    }
}

fn problem(answer: &GameResponse) -> ProblemCode {
    assert_eq!(answer.content_type.as_deref(), Some("application/problem+json"));
    serde_json::from_slice::<Problem>(&answer.body).unwrap().code
}

async fn run(launcher: &Launcher) -> IssuedRun {
    let answer = launcher.scores().forward(request("POST", "/runs", "")).await;
    assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
    serde_json::from_slice(&answer.body).unwrap()
}

/// A run of the sample game that ends by itself, without input.
fn idle_recording(run: &IssuedRun) -> String {
    let script = format!(
        "import {{ replay }} from './patch/src/simulation.js';\
         let frames = 1; while (replay({}, Array(frames).fill(0)).hit === null) frames += 1;\
         console.log(frames);",
        run.seed
    );
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let node = std::process::Command::new("node")
        .args(["--no-warnings", "--input-type=module", "-e", &script])
        .current_dir(root)
        .output()
        .unwrap();
    let frames = String::from_utf8(node.stdout).unwrap();
    let frames = frames.trim();
    let (id, rules) = (&run.run_id, run.rules_version);
    format!(r#"{{"run_id":"{id}","rules_version":{rules},"recording":[{{"input":0,"frames":{frames}}}]}}"#)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_score_that_the_game_sends_is_on_the_board() {
    let world = World::new().await;
    let launcher = world.open();
    let empty = launcher.scores().board(None).await.unwrap();
    assert!(empty.rows.is_empty() && empty.own.is_none() && empty.next.is_none());
    assert_eq!(launcher.scores().statistics().await.unwrap().total, 0);

    log_in(&launcher, "사공").await;
    launcher.account().choose_public_name(Some("사공".into())).await.unwrap();
    let run = run(&launcher).await;
    let recording = idle_recording(&run);
    // The services compare the recording's length with the time that has passed.
    let receipt = loop {
        let answer = launcher.scores().forward(request("POST", "/scores", &recording)).await;
        match answer.status {
            200 => break serde_json::from_slice::<ScoreReceipt>(&answer.body).unwrap(),
            _ => assert_eq!(problem(&answer), ProblemCode::TooFast),
        }
        tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    };
    let board = launcher.scores().board(None).await.unwrap();
    assert_eq!(board.rows.len(), 1);
    let own = board.own.unwrap();
    assert_eq!((own.rank, own.score, own.nickname.as_deref()), (1, receipt.score, Some("사공")));
    assert_eq!(board.rows[0], own);
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert!(world.heard.all().contains(&LauncherEvent::Scores(())), "the board's window asks again");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_game_reaches_the_score_service_and_nothing_else() {
    let world = World::new().await;
    let launcher = world.open();
    let answer = launcher.scores().forward(request("POST", "/runs", "")).await;
    assert_eq!(
        (answer.status, problem(&answer)),
        (401, ProblemCode::NotLoggedIn),
        "there is no token to add"
    );
    log_in(&launcher, "사공").await;
    assert_eq!(run(&launcher).await.run_id.len(), 32, "the token is added on the way");
    for (method, path) in [
        ("GET", "/datasets"),
        ("PATCH", "/datasets/profile"),
        ("GET", "/login/providers"),
        ("POST", "/login/kakao"),
        ("GET", "/scoreboard/../datasets"),
        ("GET", "http://127.0.0.1:1/scoreboard"),
        ("GET", "//127.0.0.1:1/scoreboard"),
        ("GET", "@127.0.0.1:1/scoreboard"),
    ] {
        let answer = launcher.scores().forward(request(method, path, "")).await;
        assert_eq!(problem(&answer), ProblemCode::NotFound, "{method} {path}");
    }
    let huge = "x".repeat((2 << 20) + 1);
    let answer = launcher.scores().forward(request("POST", "/scores", &huge)).await;
    assert_eq!(problem(&answer), ProblemCode::TooLarge);
    let board = launcher.scores().forward(request("GET", "/scoreboard?limit=3", "")).await;
    assert_eq!(board.status, 200);
    let answer = world.open_offline().scores().forward(request("GET", "/scoreboard", "")).await;
    assert_eq!(problem(&answer), ProblemCode::Busy, "the game is told to try later");
}

/// A server that answers every request with this fault.
async fn faulty(world: &World, fault: Fault) -> (ChaosProxy, Endpoint) {
    let services = world.cloud.endpoints().services_url.trim_start_matches("http://").parse().unwrap();
    let proxy = ChaosProxy::start(services).await;
    proxy.inject(Rule::new("/", Nth::Every, fault));
    let url = Endpoint::parse(&proxy.url()).unwrap();
    (proxy, url)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_an_end_is_left() {
    let world = World::new().await;
    let (_proxy, url) = faulty(&world, Fault::Endless).await;
    let launcher = world.open_with(Endpoints { services: Some(url), ..world.endpoints() });
    assert_eq!(
        launcher.scores().board(None).await.unwrap_err().code,
        Shown::Failure(ErrorCode::BadFormat),
        "it would fill the memory"
    );
    let answer = launcher.scores().forward(request("GET", "/scoreboard", "")).await;
    assert_eq!(problem(&answer), ProblemCode::Busy, "nor is it handed to the game");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_does_not_lead_the_token_away() {
    let world = World::new().await;
    let there = vec![("Location", world.edge.url())];
    let (_proxy, url) = faulty(&world, Fault::Status(302, there)).await;
    let launcher = world.open_with(Endpoints { services: Some(url), ..world.endpoints() });
    launcher.scores().board(None).await.unwrap_err();
    assert!(world.edge.seen().is_empty(), "nobody asks where a redirect leads to");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_studios_news_are_read_from_its_own_address() {
    let world = World::new().await;
    assert_eq!(world.open().news().items().await.unwrap(), [], "a studio without news is not asked");
    let item =
        r#"[{"date":"2026-01-02T00:00:00Z","title":{"ko":"새","en":"New"},"text":{"ko":"가","en":"a"}}]"#;
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{item}", item.len());
    let (_proxy, url) = faulty(&world, Fault::Raw(answer.into_bytes().into())).await;
    let url = Endpoint::parse(&format!("{url}news.json")).unwrap();
    let launcher = world.open_with(Endpoints { news: Some(url), ..world.endpoints() });
    assert!(launcher.view().brand.has_news);
    assert_eq!(launcher.news().items().await.unwrap()[0].title.ko, "새");
    let (_proxy, url) = faulty(&world, Fault::Status(404, Vec::new())).await;
    let launcher = world.open_with(Endpoints { news: Some(url), ..world.endpoints() });
    launcher.news().items().await.unwrap_err();
}
