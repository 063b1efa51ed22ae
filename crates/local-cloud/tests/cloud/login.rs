//! The login that is mounted beside the game services, as a launcher and a person at a shell reach it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use naru_local_cloud::Endpoints;
use naru_protocol::{IssuedRun, ScoreboardPage};
use serde_json::Value;

use crate::support::{self, nobody};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

async fn ended(mut command: Command) -> Output {
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let words = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}\n{}", words.0, words.1);
    output
}

/// The commands of the section "By hand" in docs/accounts.md.
fn commands_by_hand() -> String {
    let text = std::fs::read_to_string(root().join("docs/accounts.md")).unwrap();
    let section = text.split("\n## ").find(|section| section.starts_with("By hand")).unwrap();
    let blocks = section.split("```").skip(1).step_by(2);
    // The first line is the language: `sh`, or `bash` where sh would not do.
    blocks.map(|block| block.split_once('\n').unwrap().1).collect()
}

fn by_hand(at: &Endpoints) -> Command {
    let mut shell = Command::new("bash");
    shell
        .args([
            "-euo",
            "pipefail",
            "-c",
            &format!("{}\necho \"$IDENTITY\"; echo \"$TOKEN\"", commands_by_hand()),
        ])
        .env("NARU_SERVICES_URL", &at.services_url)
        .env("NARU_IDENTITY_POOL", &at.identity_pool)
        .env("NARU_USER_POOL", &at.user_pool)
        .env("NARU_USER_POOL_CLIENT", &at.user_pool_client)
        .env("AWS_REGION", &at.region)
        .env("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", &at.control_url)
        .env("AWS_ENDPOINT_URL_COGNITO_IDENTITY", &at.control_url);
    shell
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documented_commands_log_in() {
    let cloud = support::start().await;
    let at = cloud.cloud.endpoints();
    let output = ended(by_hand(at)).await;
    let lines: Vec<&str> = std::str::from_utf8(&output.stdout).unwrap().lines().collect();

    let [run, keys, run_of_account, account, token] = lines.as_slice() else { panic!("{lines:?}") };

    for run in [run, run_of_account] {
        let run: IssuedRun = serde_json::from_str(run).unwrap();
        assert_eq!(run.run_id.len(), 32, "the services take the token that the login gave");
    }
    let keys: Value = serde_json::from_str(keys).unwrap();
    let identity = keys["IdentityId"].as_str().unwrap();
    assert!(keys["Credentials"]["AccessKeyId"].as_str().unwrap().starts_with("ASIA"), "AWS keys come too");
    assert_ne!(identity, *account, "an account of the user pool is another player");

    let same = cloud.identity(nobody()).get_id().identity_pool_id(&at.identity_pool);
    let same = same.logins("cognito-identity.amazonaws.com", *token).send().await.unwrap();
    assert_eq!(same.identity_id.unwrap(), *account, "Cognito vouched for the token");

    let again = String::from_utf8(ended(by_hand(at)).await.stdout).unwrap();
    assert!(again.contains(identity) && again.contains(account), "who logs in again is the same player");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demos_player_gets_from_the_login_to_the_board() {
    let cloud = support::start().await;
    let services = &cloud.cloud.endpoints().services_url;
    let mut player = Command::new("node");
    // Forty frames are three seconds of play.
    player.args(["--no-warnings", "xtask/demo/player.mjs", "patch", services, "사공", "40"]);
    player.current_dir(root());
    let output = ended(player).await;
    assert!(String::from_utf8(output.stdout).unwrap().contains("사공"), "the board is shown");

    let board = reqwest::get(format!("{services}/scoreboard")).await.unwrap().text().await.unwrap();
    let board: ScoreboardPage = serde_json::from_str(&board).unwrap();
    let [standing] = board.standings.as_slice() else { panic!("{board:?}") };
    assert_eq!(standing.nickname.as_deref(), Some("사공"), "what the player calls himself at Kakao");
    assert!(standing.score >= 80, "two points for each of forty frames at least");
}

#[tokio::test]
async fn a_login_that_fails_is_a_problem_like_any_other() {
    let cloud = support::start().await;
    let url = format!("{}/login/kakao", cloud.cloud.endpoints().services_url);
    let request = serde_json::json!({
        "code": "made-up", "code_verifier": "v", "nonce": "n",
        "redirect_uri": "http://127.0.0.1:9720/login/kakao",
    });
    let refused = reqwest::Client::new().post(url).json(&request).send().await.unwrap();
    assert_eq!(refused.status(), 401);
    assert_eq!(refused.headers()["cache-control"], "no-store", "a login's answer must not be cached");
    let problem: naru_protocol::Problem = refused.json().await.unwrap();
    assert_eq!(problem.code, naru_protocol::ProblemCode::CodeRefused);
}
