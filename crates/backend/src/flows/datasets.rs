//! Changes of datasets.

use naru_protocol::{DatasetUpdate, DatasetUpdated, ShownName};

use super::Refusal;
use crate::domain::{
    Action, ChangeError, DatasetName, Deletion, PROFILE, PROFILE_NICKNAME, PlayerId, Requester, Revision,
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
    take_change(services, player).await?;
    check_nickname(name, update)?;
    let committed = commit(services, player, name, update).await;
    // A conflict may be with this very update, stored before by a request that came no further than that.
    if matches!(&committed, Ok(_) | Err(Refusal::Dataset(ChangeError::Conflict(_)))) {
        follow_profile(services, player, name).await?;
    }
    let revision = committed?;
    let records = revision.written.iter().map(|(key, record)| record.to_wire(key)).collect();
    Ok(DatasetUpdated { sync_count: revision.sync_count, records })
}

async fn take_change(services: &Services, player: &PlayerId) -> Result<(), Refusal> {
    services.allowances().take(&Requester::Player(player.clone()), Action::ChangeDataset).await
}

/// Removes a dataset with all its records.
pub async fn delete_dataset(
    services: &Services,
    player: &PlayerId,
    name: &DatasetName,
) -> Result<Deletion, Refusal> {
    take_change(services, player).await?;
    let deletion = services.datasets.delete(player, name).await?;
    follow_profile(services, player, name).await?;
    Ok(deletion)
}

/// The nickname in a player's profile, as it may be shown: an older service took names that may not.
pub(super) async fn nickname_of(
    services: &Services,
    player: &PlayerId,
) -> Result<Option<String>, StoreError> {
    let Ok(profile) = DatasetName::parse(PROFILE) else { return Ok(None) };
    let mut profile = services.datasets.load(player, &profile).await?;
    let chosen = profile.records.remove(PROFILE_NICKNAME).and_then(|record| record.value);
    Ok(chosen.and_then(|name| ShownName::parse(&name).ok()).map(ShownName::into_string))
}

/// Gives the board the name of the profile, which is another write than the profile's own: two requests at
/// once may do theirs in different orders. So each looks again after it has set a name, until the name it
/// has set is still the profile's; `set` is the one that it has set before.
pub(super) async fn name_on_board(
    services: &Services,
    player: &PlayerId,
    mut set: Option<Option<String>>,
) -> Result<(), StoreError> {
    for _ in 0..ATTEMPTS {
        let nickname = nickname_of(services, player).await?;
        if set.as_ref() == Some(&nickname) {
            break;
        }
        services.board.rename(player, nickname.as_deref()).await?;
        set = Some(nickname);
    }
    Ok(())
}

async fn follow_profile(
    services: &Services,
    player: &PlayerId,
    changed: &DatasetName,
) -> Result<(), StoreError> {
    match changed.as_str() {
        PROFILE => name_on_board(services, player, None).await,
        _ => Ok(()),
    }
}

fn check_nickname(name: &DatasetName, update: &DatasetUpdate) -> Result<(), Refusal> {
    let mut changes = update.changes.iter().filter(|change| change.key == PROFILE_NICKNAME);
    if name.as_str() == PROFILE
        && let Some(nickname) = changes.find_map(|change| change.value.as_deref())
    {
        ShownName::parse(nickname)?;
    }
    Ok(())
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
