//! The live release, as far as the next one builds on it.

use naru_protocol::{Digest, FileEntry, FileList2017, Manifest, RelPath};

use super::Publisher;
use crate::PublishError;
use crate::release_log::{History, Next, Versions2017};
use crate::remote::{ReadPointer, find_manifest, read_file_list, unless_lost};

/// The live release, as far as the next one builds on it.
#[derive(Debug)]
pub(super) struct Base {
    pub(super) pointer: Option<ReadPointer>,
    /// `None` also where the store has lost it; the list tells what is live then.
    pub(super) manifest: Option<Manifest>,
    pub(super) list: FileList2017,
    pub(super) list_is_lost: bool,
    pub(super) versions_2017: Versions2017,
    pub(super) next: Next,
    pub(super) highest: Option<u64>,
    pub(super) outranked: bool,
}

impl Base {
    pub(super) fn entry(&self, path: &RelPath) -> Option<&FileEntry> {
        self.manifest.as_ref()?.get(path)
    }

    pub(super) fn is_2017(&self) -> bool {
        self.pointer.as_ref().is_some_and(|live| live.pointer.release.is_none())
    }
}

pub(super) async fn read_base(
    publisher: &Publisher,
    manifest: &Manifest,
    live: Option<ReadPointer>,
    history: &History,
) -> Result<Base, PublishError> {
    let list = match &live {
        Some(live) => {
            unless_lost(read_file_list(&*publisher.log.store, &publisher.log.keys(), &live.pointer).await)?
        }
        None => None,
    };
    let list_is_lost = live.is_some() && list.is_none();
    let list = list.unwrap_or_default();
    let live_list = live.as_ref().map(|live| (&live.pointer, &list));
    let versions_2017 = Versions2017::read(&publisher.log, live_list, history).await?;
    Ok(Base {
        manifest: live_manifest(publisher, manifest, live.as_ref()).await?,
        list_is_lost,
        versions_2017,
        next: history.next()?,
        highest: history.highest(),
        outranked: live.as_ref().is_some_and(|live| history.outranks(&live.pointer)),
        list,
        pointer: live,
    })
}

async fn live_manifest(
    publisher: &Publisher,
    manifest: &Manifest,
    live: Option<&ReadPointer>,
) -> Result<Option<Manifest>, PublishError> {
    let release = live.and_then(|live| live.pointer.release.as_ref());
    let Some(named) = release.and_then(|release| release.manifests.first()) else {
        return Ok(None);
    };
    // The same tree gives the same manifest, so the name alone says what is in it.
    if named.manifest.digest == Digest::of(&manifest.encode()?) {
        return Ok(Some(manifest.clone()));
    }
    Ok(find_manifest(&*publisher.log.store, &publisher.log.keys(), named).await?)
}
