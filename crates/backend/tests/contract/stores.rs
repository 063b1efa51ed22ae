//! The ports of a store under test, and values for them.

use std::any::Any;
use std::sync::Arc;

use jiff::Timestamp;
use naru_backend::accounts::PlayerRecords;
use naru_backend::platform::{AllowanceStore, PlayerId};
use naru_backend::player_data::{DatasetStore, NamesOnBoard};
use naru_backend::scores::{PlayingStore, RunId, RunStore, Score, ScoreBoard, ScoreStore, ScoreStream};
use naru_backend::statistics::StatisticsStore;

/// An empty store, seen through every port.
pub struct Stores {
    pub runs: Arc<dyn RunStore>,
    pub playing: Arc<dyn PlayingStore>,
    pub scores: Arc<dyn ScoreStore>,
    pub stream: Arc<dyn ScoreStream>,
    pub board: Arc<dyn ScoreBoard>,
    pub names: Arc<dyn NamesOnBoard>,
    pub statistics: Arc<dyn StatisticsStore>,
    pub datasets: Arc<dyn DatasetStore>,
    pub players: Arc<dyn PlayerRecords>,
    pub allowance: Arc<dyn AllowanceStore>,
    /// What has to live as long as the store: a folder, a server.
    pub _keep: Box<dyn Any + Send + Sync>,
}

impl Stores {
    /// One thing that is most stores, those beside it, and the stream of its scores.
    pub fn of<S>(
        all: Arc<S>,
        board: Arc<dyn ScoreBoard>,
        statistics: Arc<dyn StatisticsStore>,
        stream: Arc<dyn ScoreStream>,
        keep: impl Any + Send + Sync,
    ) -> Stores
    where
        S: RunStore
            + PlayingStore
            + ScoreStore
            + NamesOnBoard
            + DatasetStore
            + PlayerRecords
            + AllowanceStore
            + 'static,
    {
        Stores {
            runs: all.clone(),
            playing: all.clone(),
            scores: all.clone(),
            stream,
            board,
            names: all.clone(),
            statistics,
            datasets: all.clone(),
            players: all.clone(),
            allowance: all,
            _keep: Box::new(keep),
        }
    }
}

pub fn player(number: u32) -> PlayerId {
    PlayerId::parse(&format!("ap-northeast-2:{number:08}-0000-4000-8000-000000000000")).unwrap()
}

pub fn run_id(number: u128) -> RunId {
    RunId::from_random(number.to_be_bytes())
}

/// A time that a store must give back exactly.
pub fn at(millisecond: i64) -> Timestamp {
    Timestamp::from_millisecond(1_700_000_000_000 + millisecond).unwrap()
}

/// A player's score; run and recording are the number's own.
pub fn score(number: u128, by: u32, points: u32) -> Score {
    Score {
        run: run_id(number),
        player: player(by),
        points,
        at: at(i64::try_from(number).unwrap()),
        recording: [u8::try_from(number % 251).unwrap(); 32],
    }
}
