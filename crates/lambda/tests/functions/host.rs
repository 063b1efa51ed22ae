//! The services as functions, with DynamoDB behind them.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};

use crate::cases::service::Setting;
use crate::cases::tokens::POOL;
use crate::gateway::{self, Functions};
use crate::moto::{Item, Moto};
use crate::runtime::Function;
use crate::stream_records::StreamRecords;

/// As many records as one call hands over: `batch_size` in `infra/functions.tf`.
const BATCH: usize = 50;

pub struct Host {
    pub url: String,
    moto: Moto,
    statistics: Function,
    delivered: AtomicUsize,
    passed: AtomicI64,
    rate_limits: bool,
}

impl Host {
    /// How many honest runs, and how many rounds of forgeries, are played here. Each request is a few of
    /// moto, which takes a hundred times as long as SQLite, and a player may send 60 scores a minute.
    pub const RUNS: u32 = 40;
    pub const ROUNDS: u32 = 3;

    /// `cognito`: where the keys of the players' tokens are.
    pub async fn start(setting: Setting, cognito: &str) -> Option<Host> {
        let moto = Moto::new().await?;
        let mut variables =
            vec![("AWS_ENDPOINT_URL_COGNITO_IDENTITY", cognito), ("NARU_IDENTITY_POOL", POOL)];
        // A case looks at what the stream has just brought, and half a minute does not pass in it.
        variables.push(("NARU_STATISTICS_SECONDS", "0"));
        let player_data = Function::start_with(env!("CARGO_BIN_EXE_player-data"), &moto, &variables).await;
        if setting.shapes_2017 {
            variables.push(("NARU_SHAPES_2017", "on"));
        }
        let scores = Function::start_with(env!("CARGO_BIN_EXE_scores"), &moto, &variables).await;
        let statistics = Function::start(env!("CARGO_BIN_EXE_statistics"), &moto).await;
        let functions = Functions::from([("scores", scores), ("player_data", player_data)]);
        let url = gateway::start(functions).await;
        let (delivered, passed) = (AtomicUsize::default(), AtomicI64::default());
        Some(Host { url, moto, statistics, delivered, passed, rate_limits: setting.rate_limits })
    }

    /// Lets time pass. The functions' clock is the machine's, so what they have stored becomes older:
    /// runs, the time that they have taken and counted ranks by as much, and the requests of a minute that has passed are forgotten.
    pub async fn advance(&self, milliseconds: i64) {
        let runs = self.moto.items("runs").await;
        self.moto.put_all("runs", runs.into_iter().map(|run| older(run, milliseconds)).collect()).await;
        let playing = self.moto.items("playing").await;
        let playing = playing.into_iter().map(|player| earlier_runs(player, milliseconds));
        self.moto.put_all("playing", playing.collect()).await;
        let board = self.moto.items("board").await;
        let board = board.into_iter().map(|best| earlier_count(best, milliseconds));
        self.moto.put_all("board", board.collect()).await;
        let begun = self.passed.fetch_add(milliseconds, Ordering::SeqCst);
        let now = jiff::Timestamp::now().as_millisecond();
        let minute = |passed: i64| (now + passed).div_euclid(60_000);
        if !self.rate_limits || minute(begun) != minute(begun + milliseconds) {
            self.moto.forget_allowances().await;
        }
    }

    /// Delivers what the stream has to its function, as Lambda does, until nothing is left.
    pub async fn feed(&self) {
        let table = self.moto.table("scores");
        let stream =
            StreamRecords { endpoint: &self.moto.endpoint, region: &self.moto.region, table: &table };
        let records = stream.all().await;
        let from = self.delivered.swap(records.len(), Ordering::SeqCst);
        for batch in records[from..].chunks(BATCH) {
            let answer: Value = self.statistics.call(&json!({ "Records": batch })).await;
            assert_eq!(answer, json!({ "batchItemFailures": [] }), "each record is done with");
        }
    }
}

fn older(mut run: Item, milliseconds: i64) -> Item {
    for (name, by) in [("issued_at", milliseconds), ("expires_at", milliseconds / 1000)] {
        let time: i64 = run[name].as_n().unwrap().parse().unwrap();
        run.insert(name.to_owned(), AttributeValue::N((time - by).to_string()));
    }
    run
}

fn earlier_runs(mut player: Item, milliseconds: i64) -> Item {
    let mut playing: Value = serde_json::from_str(player["runs"].as_s().unwrap()).unwrap();
    let earlier = |time: &mut Value| *time = json!(time.as_i64().unwrap() - milliseconds);
    earlier(&mut playing["taken_until"]);
    playing["runs"].as_array_mut().unwrap().iter_mut().for_each(|run| earlier(&mut run["issued_at"]));
    player.insert("runs".to_owned(), AttributeValue::S(playing.to_string()));
    player
}

fn earlier_count(mut best: Item, milliseconds: i64) -> Item {
    if let Some(counted) = best.get("counted_at") {
        let counted: i64 = counted.as_n().unwrap().parse().unwrap();
        best.insert("counted_at".to_owned(), AttributeValue::N((counted - milliseconds).to_string()));
    }
    best
}
