//! Players of the embedded services, with runs that a bot has played.

use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use aws_credential_types::Credentials;
use aws_sdk_cognitoidentity::config::{BehaviorVersion, Region};
use naru_local_cloud::{Config, LocalCloud};
use naru_protocol::{InputSpan, IssuedRun, ScoreSubmission};
use reqwest::{Client, Request};
use serde_json::json;
use tempfile::TempDir;

/// Longer runs are not waited for.
const LONGEST: Duration = Duration::from_secs(45);

/// The embedded services.
pub struct Services {
    cloud: LocalCloud,
    _folder: TempDir,
}

/// A score that was not sent yet.
pub struct PlayedScore {
    token: String,
    pub submission: ScoreSubmission,
}

impl Services {
    pub async fn start() -> Result<Self, Box<dyn Error + Send + Sync>> {
        let folder = tempfile::tempdir()?;
        let cloud = LocalCloud::start(Config::new(folder.path())).await?;
        Ok(Self { cloud, _folder: folder })
    }

    /// Lets players play until there are enough scores, and until their time has passed.
    pub async fn play(&self, count: usize) -> Result<Vec<PlayedScore>, Box<dyn Error + Send + Sync>> {
        let (mut bot, client, mut scores) = (Bot::start()?, Client::new(), Vec::with_capacity(count));
        while scores.len() < count {
            // One player plays one run at a time.
            let token = self.token(&format!("player {}", scores.len())).await?;
            let run = self.run(&client, &token).await?;
            let recording = bot.play(run.seed, scores.len())?;
            let (run_id, rules_version) = (run.run_id, run.rules_version);
            let submission = ScoreSubmission { run_id, rules_version, recording };
            if length(&submission.recording) <= LONGEST {
                scores.push(PlayedScore { token, submission });
            }
        }
        wait_out(&scores).await;
        Ok(scores)
    }

    /// `POST /scores`
    pub fn submit(&self, client: &Client, score: &PlayedScore) -> reqwest::Result<Request> {
        let url = format!("{}/scores", self.cloud.endpoints().services_url);
        client.post(url).bearer_auth(&score.token).json(&score.submission).build()
    }

    async fn run(&self, client: &Client, token: &str) -> reqwest::Result<IssuedRun> {
        let url = format!("{}/runs", self.cloud.endpoints().services_url);
        client.post(url).bearer_auth(token).send().await?.error_for_status()?.json().await
    }

    async fn token(&self, player: &str) -> Result<String, Box<dyn Error + Send + Sync>> {
        let (at, keys) = (self.cloud.endpoints(), self.cloud.publisher());
        let credentials = Credentials::new(&keys.access_key_id, &keys.secret_access_key, None, None, "load");
        let config = aws_sdk_cognitoidentity::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(at.region.clone()))
            .endpoint_url(&at.control_url)
            .credentials_provider(credentials)
            .build();
        let asked = aws_sdk_cognitoidentity::Client::from_conf(config)
            .get_open_id_token_for_developer_identity()
            .identity_pool_id(&at.identity_pool)
            .logins(&at.developer_provider, player);
        asked.send().await?.token.ok_or_else(|| "the pool gave no token".into())
    }
}

/// A run's score may be sent when the run can have been played.
async fn wait_out(scores: &[PlayedScore]) {
    let longest = scores.iter().map(|score| length(&score.submission.recording)).max().unwrap_or_default();
    println!("waiting {} s, until the last run can have been played", longest.as_secs());
    let until = Instant::now() + longest;
    tokio::time::sleep_until(until.into()).await;
}

fn length(recording: &[InputSpan]) -> Duration {
    let frames: u32 = recording.iter().map(|span| span.frames).sum();
    Duration::from_millis(75) * frames
}

/// The sample game in Node.
struct Bot {
    node: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

#[derive(serde::Deserialize)]
struct Flight {
    recording: Vec<InputSpan>,
}

impl Bot {
    fn start() -> Result<Self, Box<dyn Error + Send + Sync>> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bot/bot.mjs");
        let mut node =
            Command::new("node").arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (input, output) = (node.stdin.take(), node.stdout.take());
        let (Some(input), Some(output)) = (input, output) else {
            return Err("node without pipes".into());
        };
        Ok(Self { node, input, output: BufReader::new(output) })
    }

    fn play(&mut self, seed: u32, luck: usize) -> Result<Vec<InputSpan>, Box<dyn Error + Send + Sync>> {
        writeln!(self.input, "{}", json!({"play": seed, "luck": luck}))?;
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        Ok(serde_json::from_str::<Flight>(&line)?.recording)
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        self.node.kill().ok();
        self.node.wait().ok();
    }
}
