//! The board in DynamoDB: one item for each player, and an index that has all of them in order.
//!
//! The index has one partition, since only items of one partition have an order. So all players
//! together can raise their bests a thousand times in a second; that is what one partition takes:
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html>

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{ReturnValuesOnConditionCheckFailure, Select};
use jiff::Timestamp;

use super::place;
use crate::platform::dynamodb::{
    Item, Unreadable, failed, if_held, number, read_number, read_player, read_str, read_time, string, time,
};
use crate::platform::{DynamoDb, PlayerId, StoreError};
use crate::player_data::NamesOnBoard;
use crate::scores::{Best, BoardKey, CountedRank, Score, ScoreBoard};

const TABLE: &str = "board";

const PAGING: &str = "reading the board";
const COUNTING: &str = "counting the places of the board";
const READING: &str = "reading a best score";
const RENAMING: &str = "renaming a player";
const REMEMBERING: &str = "keeping a counted rank";
const RAISING: &str = "raising a best score";

const INDEX: &str = "in-order";
/// The only value of the attribute `board`: there is one board.
const THE_BOARD: &str = "best";

/// Places that are counted for a rank: twenty pages of an index query, half a second.
const COUNTED_PLACES: u64 = 100_000;

/// The table `board`, and how many of its places are counted for a rank.
#[derive(Clone)]
pub struct DynamoDbBoard {
    database: DynamoDb,
    counted_places: u64,
}

impl DynamoDbBoard {
    /// The board of a database.
    pub fn new(database: &DynamoDb) -> DynamoDbBoard {
        DynamoDbBoard { database: database.clone(), counted_places: COUNTED_PLACES }
    }

    /// Counts at most this many places for a rank, which bounds the cost. Who stands below them
    /// all is told the next number.
    #[must_use]
    pub fn counting_places_to(self, places: u64) -> DynamoDbBoard {
        DynamoDbBoard { counted_places: places, ..self }
    }

    /// Keeps a rank with the place that it was counted for. The place may have changed since: then there is
    /// nothing to keep.
    async fn remember_rank(&self, best: &Best, counted: CountedRank) -> Result<(), StoreError> {
        let update = update_of(&self.database, &best.player)
            .update_expression("SET counted_rank = :rank, counted_at = :at")
            .condition_expression("place = :place")
            .expression_attribute_values(":rank", number(counted.rank))
            .expression_attribute_values(":at", time(counted.at))
            .expression_attribute_values(":place", string(place::to_text(&best.key)));
        if_held(REMEMBERING, update.send().await).map(drop)
    }

    fn places(&self, condition: &str) -> QueryFluentBuilder {
        self.database
            .client()
            .query()
            .table_name(self.database.table(TABLE))
            .index_name(INDEX)
            .key_condition_expression(condition)
            .expression_attribute_values(":board", string(THE_BOARD))
    }
}

#[async_trait]
impl ScoreBoard for DynamoDbBoard {
    /// The index follows its table a moment later: a score of just now may be missing.
    async fn page(&self, after: Option<&BoardKey>, limit: usize) -> Result<Vec<Best>, StoreError> {
        let mut bests = Vec::new();
        let mut from = None;
        loop {
            let query = match after {
                None => self.places("board = :board"),
                Some(key) => self
                    .places("board = :board AND place > :place")
                    .expression_attribute_values(":place", string(place::to_text(key))),
            };
            let query = query.limit(to_limit(limit - bests.len())).set_exclusive_start_key(from);
            let answer = query.send().await.map_err(failed(PAGING))?;
            let read = answer.items().iter().map(to_best).collect::<Result<Vec<_>, _>>();
            bests.extend(read.map_err(Unreadable::while_doing(PAGING))?);
            from = answer.last_evaluated_key;
            if from.is_none() || bests.len() >= limit {
                return Ok(bests);
            }
        }
    }

    /// Counting reads: half a unit for each 4 KiB, about twenty players. What a rank costs grows
    /// with it, so counting ends at a number of places; a count that high means "that many or more".
    /// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Other.html>
    async fn count_before(&self, key: &BoardKey) -> Result<u64, StoreError> {
        let (mut counted, mut from) = (0, None);
        while counted < self.counted_places {
            let left = usize::try_from(self.counted_places - counted).unwrap_or(usize::MAX);
            let query = self
                .places("board = :board AND place < :place")
                .expression_attribute_values(":place", string(place::to_text(key)))
                .select(Select::Count)
                .limit(to_limit(left))
                .set_exclusive_start_key(from);
            let answer = query.send().await.map_err(failed(COUNTING))?;
            counted += u64::try_from(answer.count).unwrap_or(0);
            from = answer.last_evaluated_key;
            if from.is_none() {
                break;
            }
        }
        Ok(counted)
    }

    /// The count of before, if it is fresh: it stands in the player's item, so that all instances of the
    /// function together count once a minute, and reading it costs nothing.
    async fn rank_of(&self, best: &Best, now: Timestamp) -> Result<u64, StoreError> {
        if let Some(counted) = best.counted.filter(|counted| counted.is_fresh(now)) {
            return Ok(counted.rank);
        }
        let rank = self.count_before(&best.key).await? + 1;
        if let Err(error) = self.remember_rank(best, CountedRank { rank, at: now }).await {
            // The next request counts again, and that is all.
            tracing::warn!(%error, "a counted rank was not kept");
        }
        Ok(rank)
    }

    async fn best_of(&self, player: &PlayerId) -> Result<Option<Best>, StoreError> {
        best_of(&self.database, player).await
    }
}

#[async_trait]
impl NamesOnBoard for DynamoDb {
    async fn rename(&self, player: &PlayerId, nickname: Option<&str>) -> Result<(), StoreError> {
        let update = match nickname {
            None => update_of(self, player).update_expression("REMOVE nickname"),
            Some(name) => update_of(self, player)
                .update_expression("SET nickname = :nickname")
                .expression_attribute_values(":nickname", string(name)),
        };
        // Without the condition, an update makes the item: a player without a score would appear on the board.
        let answer = update.condition_expression("attribute_exists(place)").send().await;
        if_held(RENAMING, answer).map(drop)
    }
}

async fn best_of(database: &DynamoDb, player: &PlayerId) -> Result<Option<Best>, StoreError> {
    let request = database.client().get_item().table_name(database.table(TABLE));
    let request = request.key("player", string(player.as_str())).consistent_read(true);
    let found = request.send().await.map_err(failed(READING))?.item;
    found.as_ref().map(to_best).transpose().map_err(Unreadable::while_doing(READING))
}

/// Moves a player's best up if this score is better, and gives the player this name in any case.
pub(super) async fn raise_best(
    database: &DynamoDb,
    score: &Score,
    nickname: Option<&str>,
) -> Result<(), StoreError> {
    let update = match nickname {
        None => "SET board = :board, place = :place REMOVE nickname, counted_rank, counted_at",
        Some(_) => "SET board = :board, place = :place, nickname = :nickname REMOVE counted_rank, counted_at",
    };
    let answer = raise(database, score, update)
        .set_expression_attribute_values(Some(raised(score, nickname)))
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .send()
        .await;
    let Err(error) = answer else { return Ok(()) };
    let Some(refusal) = error.as_service_error().filter(|it| it.is_conditional_check_failed_exception())
    else {
        return Err(failed(RAISING)(error));
    };
    // The refusal brings the item that stands, which spares the write of a name that is there.
    match standing_item(refusal) {
        Some(item) if nickname_in(item) == nickname => Ok(()),
        _ => database.rename(&score.player, nickname).await,
    }
}

/// Moves a player's best up if it was not yet, and leaves a name that is there.
///
/// For a score whose writer died before the board was written. Reading first costs a tenth of a
/// write whose condition does not hold; an old answer is no harm, since the condition decides.
pub(crate) async fn raise_missed_best(database: &DynamoDb, score: &Score) -> Result<(), StoreError> {
    let best = best_of(database, &score.player).await?;
    if best.is_some_and(|best| best.key <= to_key(score)) {
        return Ok(());
    }
    let update = raise(database, score, "SET board = :board, place = :place REMOVE counted_rank, counted_at");
    let answer = update.set_expression_attribute_values(Some(raised(score, None))).send().await;
    if_held(RAISING, answer).map(drop)
}

/// The better place stays, whichever comes first: raising again and in any order is the same.
fn raise(database: &DynamoDb, score: &Score, update: &str) -> UpdateItemFluentBuilder {
    update_of(database, &score.player)
        .update_expression(update)
        .condition_expression("attribute_not_exists(place) OR place > :place")
}

fn update_of(database: &DynamoDb, player: &PlayerId) -> UpdateItemFluentBuilder {
    let update = database.client().update_item().table_name(database.table(TABLE));
    update.key("player", string(player.as_str()))
}

fn raised(score: &Score, nickname: Option<&str>) -> Item {
    let mut values = Item::from([
        (":board".to_owned(), string(THE_BOARD)),
        (":place".to_owned(), string(place::to_text(&to_key(score)))),
    ]);
    values.extend(nickname.map(|name| (":nickname".to_owned(), string(name))));
    values
}

/// The item that a failed condition was checked on; nothing where that is not told.
fn standing_item(refusal: &UpdateItemError) -> Option<&Item> {
    let UpdateItemError::ConditionalCheckFailedException(refusal) = refusal else { return None };
    refusal.item()
}

fn nickname_in(item: &Item) -> Option<&str> {
    item.get("nickname").and_then(|name| name.as_s().ok()).map(String::as_str)
}

fn to_key(score: &Score) -> BoardKey {
    BoardKey { points: score.points, reached_at: score.at, run: score.run.clone() }
}

fn to_best(item: &Item) -> Result<Best, Unreadable> {
    let nickname = nickname_in(item).map(str::to_owned);
    let key = place::from_text(read_str(item, "place")?).ok_or(Unreadable("place"))?;
    Ok(Best { player: read_player(item)?, nickname, key, counted: to_counted(item)? })
}

fn to_counted(item: &Item) -> Result<Option<CountedRank>, Unreadable> {
    if !item.contains_key("counted_rank") {
        return Ok(None);
    }
    Ok(Some(CountedRank { rank: read_number(item, "counted_rank")?, at: read_time(item, "counted_at")? }))
}

fn to_limit(limit: usize) -> i32 {
    i32::try_from(limit).unwrap_or(i32::MAX)
}
