//! Changes of datasets.

use naru_protocol::{DatasetUpdate, DatasetUpdated};

use super::Refusal;
use super::rate::take_allowance;
use crate::domain::{
    Action, ChangeError, DatasetName, Deletion, Nickname, PROFILE, PROFILE_NICKNAME, PlayerId, Revision,
};
use crate::ports::{Commit, StoreError};
use crate::services::Services;

/// How often an update starts again because another one came in between.
const ATTEMPTS: usize = 5;

/// Changes a dataset, which is made when it is not there.
pub async fn change_dataset(
    services: &Services,
    player: &PlayerId,
    name: &DatasetName,
    update: &DatasetUpdate,
) -> Result<DatasetUpdated, Refusal> {
    let now = services.clock.now();
    take_allowance(services, player, Action::ChangeDataset, now).await?;
    let nickname = chosen_nickname(name, update)?;
    let revision = commit(services, player, name, update).await?;
    if let Some(nickname) = nickname {
        services.board.rename(player, nickname.as_ref().map(Nickname::as_str)).await?;
    }
    let records = revision.written.iter().map(|(key, record)| record.to_wire(key)).collect();
    Ok(DatasetUpdated { sync_count: revision.sync_count, records })
}

/// Removes a dataset with all its records.
pub async fn delete_dataset(
    services: &Services,
    player: &PlayerId,
    name: &DatasetName,
) -> Result<Deletion, Refusal> {
    take_allowance(services, player, Action::ChangeDataset, services.clock.now()).await?;
    let deletion = services.datasets.delete(player, name).await?;
    if name.as_str() == PROFILE {
        services.board.rename(player, None).await?;
    }
    Ok(deletion)
}

/// The nickname in a player's profile.
pub(super) async fn nickname_of(
    services: &Services,
    player: &PlayerId,
) -> Result<Option<String>, StoreError> {
    let Ok(profile) = DatasetName::parse(PROFILE) else { return Ok(None) };
    let mut profile = services.datasets.load(player, &profile).await?;
    Ok(profile.records.remove(PROFILE_NICKNAME).and_then(|record| record.value))
}

/// What an update makes of the nickname: nothing, none, or a new one.
fn chosen_nickname(name: &DatasetName, update: &DatasetUpdate) -> Result<Option<Option<Nickname>>, Refusal> {
    if name.as_str() != PROFILE {
        return Ok(None);
    }
    let change = update.changes.iter().find(|change| change.key == PROFILE_NICKNAME);
    let chosen = change.map(|change| change.value.as_deref().map(Nickname::parse).transpose());
    Ok(chosen.transpose()?)
}

async fn commit(
    services: &Services,
    player: &PlayerId,
    name: &DatasetName,
    update: &DatasetUpdate,
) -> Result<Revision, Refusal> {
    for _ in 0..ATTEMPTS {
        let dataset = services.datasets.load(player, name).await?;
        let revision = dataset.revise(update, services.clock.now())?;
        match services.datasets.commit(player, name, &revision).await? {
            Commit::Done => return Ok(revision),
            Commit::TooMany => return Err(ChangeError::Datasets.into()),
            Commit::Stale => {}
        }
    }
    Err(Refusal::Contended(ATTEMPTS))
}
