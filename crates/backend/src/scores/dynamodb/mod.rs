//! The stores of the scores service in DynamoDB.

mod board;
mod place;
mod playing;
mod runs;
mod scores;

pub use board::DynamoDbBoard;
pub(crate) use board::raise_missed_best;
pub(crate) use scores::to_score;

use super::RunId;
use crate::platform::dynamodb::{Item, Unreadable, read_str};

fn read_run(item: &Item) -> Result<RunId, Unreadable> {
    RunId::parse(read_str(item, "run")?).ok_or(Unreadable("run"))
}
