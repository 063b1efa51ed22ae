//! Changes of datasets.

use naru_protocol::{DatasetUpdate, DatasetUpdated};

use super::public_names::check_nickname;
use super::{ChangeError, Commit, DatasetName, Deletion, PlayerData, Refusal, Revision};
use crate::platform::{AllowanceError, Contended, PlayerId, Quota};

/// Changes and deletions of a player.
const CHANGE: Quota = Quota::per_minute("dataset", 120);

/// How often an update starts again because another one came in between.
const ATTEMPTS: usize = 5;

/// Changes a dataset, which is made when it is not there.
pub async fn change_dataset(
    service: &PlayerData,
    player: &PlayerId,
    name: &DatasetName,
    update: &DatasetUpdate,
) -> Result<DatasetUpdated, Refusal> {
    take_change(service, player).await?;
    check_nickname(name, update)?;
    let committed = commit(service, player, name, update).await;
    // A conflict may be with this very update, stored before by a request that came no further than that.
    if matches!(&committed, Ok(_) | Err(Refusal::Dataset(ChangeError::Conflict(_)))) {
        service.names.follow(player, name).await?;
    }
    let revision = committed?;
    let records = revision.written.iter().map(|(key, record)| record.to_wire(key)).collect();
    Ok(DatasetUpdated { sync_count: revision.sync_count, records })
}

/// Removes a dataset with all its records.
pub(crate) async fn delete_dataset(
    service: &PlayerData,
    player: &PlayerId,
    name: &DatasetName,
) -> Result<Deletion, Refusal> {
    take_change(service, player).await?;
    let deletion = service.datasets.delete(player, name).await?;
    service.names.follow(player, name).await?;
    Ok(deletion)
}

async fn take_change(service: &PlayerData, player: &PlayerId) -> Result<(), AllowanceError> {
    service.platform.allowances.take(player, &CHANGE).await
}

async fn commit(
    service: &PlayerData,
    player: &PlayerId,
    name: &DatasetName,
    update: &DatasetUpdate,
) -> Result<Revision, Refusal> {
    for _ in 0..ATTEMPTS {
        let dataset = service.datasets.load(player, name).await?;
        let revision = dataset.revise(update, service.platform.clock.now())?;
        match service.datasets.commit(player, name, &revision).await? {
            Commit::Done => return Ok(revision),
            Commit::TooMany => return Err(ChangeError::Datasets.into()),
            // Another machine was first. The rules look again at what it has left: without that, one of two
            // changes of one record would be lost without a word.
            Commit::Stale => {}
        }
    }
    Err(Contended(ATTEMPTS).into())
}
