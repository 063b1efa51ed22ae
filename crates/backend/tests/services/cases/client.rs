//! The game's own client file against the services.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::service::Service;

#[tokio::test(flavor = "multi_thread")]
async fn the_games_client_plays_a_ranked_run() {
    let Some(service) = Service::start().await else { return };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../backend/tests/bot/client.mjs");
    let mut node = Command::new("node")
        .args([script, &service.host.url, &service.tokens.of(1)])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the client needs Node, as the game's own tests do");
    let mut said = BufReader::new(node.stdout.take().unwrap()).lines();
    assert_eq!(said.next().unwrap().unwrap(), "playing");
    service.host.advance(60 * 60 * 1000).await;
    writeln!(node.stdin.take().unwrap()).unwrap();

    let result: Value = serde_json::from_str(&said.next().unwrap().unwrap()).unwrap();
    assert!(node.wait().unwrap().success());
    assert_eq!(result["receipt"]["score"], result["played"]);
    assert_eq!(result["receipt"]["rank"], 1);
    assert_eq!(result["standings"][0], result["own"]);
    assert_eq!(result["refused"], "recording-mismatch");
}
