//! Predicts what players of older releases will download, by the planner's own rules.

use std::collections::HashSet;

use naru_protocol::{Digest, FileEntry, Manifest, RelPath};
use serde::Serialize;

use super::{PublishPlan, Publisher};
use crate::PublishError;
use crate::globs::Globs;
use crate::pieces::missing_bytes;
use crate::remote::find_manifest;

/// What a player would fetch, who has changed nothing of his game.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Prediction {
    /// The release that he has; nothing means a first install.
    pub from: Option<u64>,
    /// Files to fetch, in whole or in part.
    pub files: u64,
    /// Bytes to fetch.
    pub bytes: u64,
}

impl Publisher {
    /// Says what the release of a plan would cost players of the newest `most` releases, and those
    /// who have nothing yet. Releases of 2017, and those that the store no longer has, are left out.
    pub async fn predict(&self, plan: &PublishPlan, most: usize) -> Result<Vec<Prediction>, PublishError> {
        let mut predictions = Vec::new();
        // One that was written again under its number, or can't be read, is not counted.
        let history = self.log.newest_history(most.saturating_mul(2)).await?;
        for past in history.releases().into_iter().take(most) {
            let pointer = &past.pointer;
            let named = pointer.release.as_ref().and_then(|release| release.manifests.first());
            let Some(named) = named else { continue };
            let Some(old) = find_manifest(&*self.log.store, &self.log.keys(), named).await? else { continue };
            predictions.push(predict(Some((pointer.version, &old)), plan.manifest())?);
        }
        predictions.push(predict(None, plan.manifest())?);
        Ok(predictions)
    }
}

/// What leads from a release, or from nothing, to another.
fn predict(old: Option<(u64, &Manifest)>, new: &Manifest) -> Result<Prediction, PublishError> {
    let preserve = Globs::new(new.preserve())?;
    let here = match old {
        Some((_, old)) => content_here(old, new, &preserve)?,
        None => HashSet::new(),
    };
    let mut prediction = Prediction { from: old.map(|(number, _)| number), files: 0, bytes: 0 };
    for entry in new.files() {
        let installed = old.and_then(|(_, old)| old.get(&entry.path));
        if !stays(entry, installed, &preserve) && !here.contains(&entry.digest) {
            prediction.files += 1;
            prediction.bytes += missing_bytes(entry, seed(installed));
        }
    }
    Ok(prediction)
}

fn stays(entry: &FileEntry, installed: Option<&FileEntry>, preserve: &Globs) -> bool {
    installed.is_some_and(|old| old.digest == entry.digest || preserve.matches(&entry.path))
}

/// The pieces of what lies at the place; a file of one piece spares nothing.
fn seed(installed: Option<&FileEntry>) -> &[Digest] {
    installed.map(|old| &*old.pieces).filter(|pieces| pieces.len() > 1).unwrap_or_default()
}

/// The bytes that the planner takes from the install folder: all of the old release's, except what
/// belongs to the player.
fn content_here(old: &Manifest, new: &Manifest, preserve: &Globs) -> Result<HashSet<Digest>, PublishError> {
    let old_preserve = Globs::new(old.preserve())?;
    let is_players = |path: &RelPath| match new.get(path) {
        Some(_) => preserve.matches(path),
        None => old_preserve.matches(path),
    };
    let ours = old.files().iter().filter(|entry| !is_players(&entry.path));
    Ok(ours.map(|entry| entry.digest).collect())
}
