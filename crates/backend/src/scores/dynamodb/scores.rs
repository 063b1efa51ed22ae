//! Scores in DynamoDB: one item each, which is written once and never changed.
//!
//! That write is the whole of storing a score, because it also is the entry of the change stream.
//! The board follows it. A function that dies in between is made up for twice: by the client, which
//! sends the recording again, and by the consumer of the stream, which raises bests that were missed.

use async_trait::async_trait;

use super::board::raise_best;
use super::read_run;
use crate::platform::dynamodb::{
    Item, Unreadable, binary, failed, if_held, number, read_bytes, read_number, read_player, read_time,
    string, time,
};
use crate::platform::{DynamoDb, StoreError};
use crate::scores::{Recorded, RunId, Score, ScoreStore};

const TABLE: &str = "scores";

const STORING: &str = "storing a score";
const READING: &str = "reading a score";

#[async_trait]
impl ScoreStore for DynamoDb {
    async fn record(&self, score: &Score, nickname: Option<&str>) -> Result<Recorded, StoreError> {
        // The condition is what makes a run count once, whichever function two requests reach.
        if self.insert(score).await? {
            raise_best(self, score, nickname).await?;
            return Ok(Recorded::New);
        }
        let stored = self.stored(&score.run).await?;
        let stored = stored.ok_or_else(|| StoreError::new(STORING, "the run's score disappeared"))?;
        if stored.player != score.player || stored.recording != score.recording {
            return Ok(Recorded::Other);
        }
        // Also where the SDK asked again because an answer was lost: the score is new then, and so is the name.
        raise_best(self, &stored, nickname).await?;
        Ok(Recorded::Same(stored))
    }

    async fn stored(&self, run: &RunId) -> Result<Option<Score>, StoreError> {
        let request = self.client().get_item().table_name(self.table(TABLE));
        let request = request.key("run", string(run.as_str())).consistent_read(true);
        let found = request.send().await.map_err(failed(READING))?.item;
        found.as_ref().map(to_score).transpose().map_err(Unreadable::while_doing(READING))
    }
}

impl DynamoDb {
    /// Stores a score if its run has none yet, and says whether it did.
    async fn insert(&self, score: &Score) -> Result<bool, StoreError> {
        let put = self.client().put_item().table_name(self.table(TABLE));
        let put = put.set_item(Some(to_item(score))).condition_expression("attribute_not_exists(run)");
        Ok(if_held(STORING, put.send().await)?.is_some())
    }
}

fn to_item(score: &Score) -> Item {
    Item::from([
        ("run".to_owned(), string(score.run.as_str())),
        ("player".to_owned(), string(score.player.as_str())),
        ("points".to_owned(), number(score.points)),
        ("at".to_owned(), time(score.at)),
        ("recording".to_owned(), binary(score.recording)),
    ])
}

/// Also reads what the stream delivers: it is the same item.
pub(crate) fn to_score(item: &Item) -> Result<Score, Unreadable> {
    Ok(Score {
        run: read_run(item)?,
        player: read_player(item)?,
        points: read_number(item, "points")?,
        at: read_time(item, "at")?,
        recording: read_bytes(item, "recording")?.try_into().map_err(|_| Unreadable("recording"))?,
    })
}
