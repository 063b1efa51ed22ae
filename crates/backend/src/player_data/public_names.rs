//! The name by which others know a player: chosen in the player's profile, shown on the board.

use std::sync::Arc;

use async_trait::async_trait;
use naru_protocol::{DatasetUpdate, ShownName, ShownNameError};

use super::{DatasetName, DatasetStore};
use crate::platform::{Database, DynamoDb, PlayerId, StoreError};

/// The dataset that holds a player's profile.
const PROFILE: &str = "profile";

/// The record of the profile that holds the nickname.
const NICKNAME: &str = "nickname";

/// How often a name is written to the board because it has changed meanwhile.
const ATTEMPTS: usize = 5;

/// The board, as far as a change of player data reaches it.
#[async_trait]
pub trait NamesOnBoard: Send + Sync {
    /// Changes a player's name on the board; nothing happens to one who is not on it.
    async fn rename(&self, player: &PlayerId, nickname: Option<&str>) -> Result<(), StoreError>;
}

/// The names in the profiles, and those on the board.
#[derive(Clone)]
pub struct PublicNames {
    /// Where the profiles are.
    pub profiles: Arc<dyn DatasetStore>,
    /// Where the names are shown.
    pub board: Arc<dyn NamesOnBoard>,
}

/// What a request knows of a player's name on the board.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum BoardName {
    /// It has not written it.
    Unknown,
    /// It has written this one; `None` where the player has chosen none.
    Written(Option<String>),
}

impl PublicNames {
    /// Those of an SQLite file.
    pub(crate) fn on_sqlite(database: &Database) -> PublicNames {
        PublicNames { profiles: Arc::new(database.clone()), board: Arc::new(database.clone()) }
    }

    /// Those of DynamoDB's tables `datasets` and `board`.
    pub(crate) fn on_dynamodb(database: &DynamoDb) -> PublicNames {
        PublicNames { profiles: Arc::new(database.clone()), board: Arc::new(database.clone()) }
    }

    /// The nickname in a player's profile, as it may be shown: an older service took names that may not.
    pub(crate) async fn chosen_by(&self, player: &PlayerId) -> Result<Option<String>, StoreError> {
        let Ok(profile) = DatasetName::parse(PROFILE) else { return Ok(None) };
        let mut profile = self.profiles.load(player, &profile).await?;
        let chosen = profile.records.remove(NICKNAME).and_then(|record| record.value);
        Ok(chosen.and_then(|name| ShownName::parse(&name).ok()).map(ShownName::into_string))
    }

    /// Gives the board the name of the profile.
    pub(crate) async fn show(&self, player: &PlayerId, mut on_board: BoardName) -> Result<(), StoreError> {
        // The profile and the board are two writes, and two requests at once may do theirs in different orders:
        // the older name could stay on the board. So each request looks again after its write, until the name
        // that it has written is still the profile's.
        for _ in 0..ATTEMPTS {
            let nickname = self.chosen_by(player).await?;
            if on_board == BoardName::Written(nickname.clone()) {
                break;
            }
            self.board.rename(player, nickname.as_deref()).await?;
            on_board = BoardName::Written(nickname);
        }
        Ok(())
    }

    /// Gives the board the name of the profile where it was the profile that changed.
    pub(super) async fn follow(&self, player: &PlayerId, changed: &DatasetName) -> Result<(), StoreError> {
        match changed.as_str() {
            PROFILE => self.show(player, BoardName::Unknown).await,
            _ => Ok(()),
        }
    }
}

/// Whether a change may be shown to others, where it has a nickname in it.
pub(super) fn check_nickname(name: &DatasetName, update: &DatasetUpdate) -> Result<(), ShownNameError> {
    let mut changes = update.changes.iter().filter(|change| change.key == NICKNAME);
    if name.as_str() == PROFILE
        && let Some(nickname) = changes.find_map(|change| change.value.as_deref())
    {
        ShownName::parse(nickname)?;
    }
    Ok(())
}
