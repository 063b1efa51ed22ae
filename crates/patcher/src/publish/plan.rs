//! The plan of a publish: what differs from the live release, and where each file's bytes come from.

use naru_protocol::{FormatError, Manifest, Md5Digest, RelPath};
use serde::Serialize;

use super::base::{Base, read_base};
use super::compare::{Source, Sources, compare};
use super::{Publisher, lost, names_2017, sent_before};
use crate::release_log::History;
use crate::remote::ReadPointer;
use crate::scan::{BuildPlaces, scan_build};
use crate::{PublishError, ScanError, Warning};

/// What happens to one file of the build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Where it goes.
    pub path: RelPath,
    /// Its length in bytes; of a deleted file, the length that it had, where the live release says.
    pub size: u64,
    /// What happens.
    #[serde(flatten)]
    pub kind: ChangeKind,
}

/// The difference between a file of the build and the live release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ChangeKind {
    /// A new path.
    New,
    /// Other bytes.
    Changed,
    /// The bytes of a path that is gone.
    Moved {
        /// The path that is gone.
        from: RelPath,
    },
    /// The path is gone.
    Deleted,
    /// Only the executable bit.
    Mode,
}

/// What a publish will do.
#[derive(Debug, Serialize)]
pub struct PublishPlan {
    /// All differences, sorted by path.
    pub changes: Vec<Change>,
    /// The live release.
    pub live: Option<u64>,
    /// The highest number that was ever published on the channel.
    pub highest: Option<u64>,
    /// Whether some players may have a release that the live one does not follow, because an
    /// older pointer was put in place: they need a new number.
    pub outranked: bool,
    /// Keys of the live release that the store has lost, and that the new one brings back.
    pub lost: Vec<String>,
    /// The number of the new one.
    pub next: u64,
    /// Files of the new release.
    pub files: u64,
    /// Bytes of the new release.
    pub bytes: u64,
    /// Bytes that have to be sent.
    pub upload_bytes: u64,
    /// Bytes that are in the store already, though not in the live release: an interrupted run has sent
    /// them, or a release that was rolled back.
    pub resumed_bytes: u64,
    /// Whether the bucket was filled by the 2017 publisher until now.
    pub takes_over_2017: bool,
    /// Whether what belongs to the player is said otherwise than in the live release.
    pub changed_patterns: bool,
    /// Patterns of the live release that the new one no longer has: files that they kept for players
    /// are replaced and removed from then on.
    pub dropped_patterns: Vec<String>,
    #[serde(skip)]
    pub(super) epoch: u64,
    #[serde(skip)]
    pub(super) places: BuildPlaces,
    #[serde(skip)]
    manifest: Manifest,
    #[serde(skip)]
    pub(super) base: Base,
    #[serde(skip)]
    pub(super) sources: Sources,
}

impl PublishPlan {
    /// Whether the build is the live release.
    pub fn is_empty(&self) -> bool {
        let is_same = self.changes.is_empty() && !self.takes_over_2017 && !self.changed_patterns;
        is_same && self.live.is_some() && !self.outranked && self.lost.is_empty()
    }

    /// The manifest of the new release.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The 2017 version of a file of the new release.
    pub(super) fn version_2017(
        &self,
        path: &RelPath,
        checksum: Option<&Md5Digest>,
    ) -> Result<u64, FormatError> {
        self.base.versions_2017.version(path, checksum, self.next)
    }

    /// Fails, before anything is sent, where a file has no 2017 version left.
    fn check_versions_2017(&self) -> Result<(), FormatError> {
        // Which bytes are sent is not known yet, so they count as others.
        self.sources.keys().try_for_each(|path| self.version_2017(path, None).map(drop))
    }

    /// The live release, where it is what would be published.
    pub(super) fn already_live(&self) -> Option<&ReadPointer> {
        self.live_pointer().filter(|_| self.is_empty())
    }

    pub(super) fn live_pointer(&self) -> Option<&ReadPointer> {
        self.base.pointer.as_ref()
    }
}

pub(super) async fn make(publisher: &Publisher) -> Result<PublishPlan, PublishError> {
    let keys = publisher.log.keys();
    // 1. Scan the build folder, 2. and read the pointer's history meanwhile.
    let ((places, manifest), (live, history)) = tokio::try_join!(scan(publisher), past(publisher))?;
    warn_of_names_2017(publisher, &manifest, &history);
    // 3. Compare it with the live release: what is there already is not sent.
    let base = read_base(publisher, &manifest, live, &history).await?;
    let (mut sources, changes) = compare(&places, &manifest, &base, &keys)?;
    // A lifecycle rule or a hand may have taken objects that the live release still names. A release
    // that named them again could not be installed.
    let lost = lost::mark(publisher, &manifest, &base, &mut sources).await?;
    if !lost.is_empty() {
        publisher.log.progress.warn(Warning::LostObjects(lost.clone()));
    }
    let resumed = sent_before::mark(publisher, &manifest, &mut sources).await?;
    let mut plan = assemble(places, manifest, base, sources, changes)?;
    plan.lost = lost;
    plan.resumed_bytes = resumed.whole + resumed.parts;
    plan.upload_bytes -= resumed.parts;
    Ok(plan)
}

async fn past(publisher: &Publisher) -> Result<(Option<ReadPointer>, History), PublishError> {
    // The live pointer first: whatever is published after it is read changes its tag, so that the
    // number which the history gives can't be given twice.
    let live = publisher.log.live_pointer().await?;
    Ok((live, publisher.log.history().await?))
}

/// 2017 clients follow the channel `live` only, and only where their tool has published.
fn warn_of_names_2017(publisher: &Publisher, manifest: &Manifest, history: &History) {
    if !publisher.log.options.channel.is_live() || !history.has_2017_releases() {
        return;
    }
    let unreachable = names_2017::unreachable(manifest.files().iter().map(|entry| &entry.path));
    if !unreachable.is_empty() {
        publisher.log.progress.warn(Warning::NotFor2017(unreachable));
    }
}

async fn scan(publisher: &Publisher) -> Result<(BuildPlaces, Manifest), PublishError> {
    let options = publisher.options.clone();
    let cache = publisher.log.options.cache.clone();
    let progress = publisher.log.progress.clone();
    let work = move || -> Result<_, ScanError> {
        let tree = scan_build(&options.build, cache.as_deref(), &*progress)?;
        let manifest = tree.manifest(&options.preserve, &options.config)?;
        Ok((tree.places, manifest))
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => Ok(result?),
        Err(stopped) => std::panic::resume_unwind(stopped.into_panic()),
    }
}

fn assemble(
    places: BuildPlaces,
    manifest: Manifest,
    base: Base,
    sources: Sources,
    changes: Vec<Change>,
) -> Result<PublishPlan, PublishError> {
    let is_sent = |path| matches!(sources.get(path), Some(Source::Upload | Source::Again));
    let sent = manifest.files().iter().filter(|entry| is_sent(&entry.path));
    let plan = PublishPlan {
        live: base.pointer.as_ref().map(|live| live.pointer.version),
        highest: base.highest,
        outranked: base.outranked,
        lost: Vec::new(),
        epoch: base.next.epoch,
        next: base.next.number,
        files: manifest.files().len() as u64,
        bytes: manifest.total_bytes(),
        upload_bytes: sent.map(|entry| entry.size).sum(),
        resumed_bytes: 0,
        takes_over_2017: base.is_2017(),
        dropped_patterns: base.manifest.as_ref().map(|live| dropped(live, &manifest)).unwrap_or_default(),
        changed_patterns: base.manifest.as_ref().is_some_and(|live| patterns(live) != patterns(&manifest)),
        changes,
        places,
        manifest,
        base,
        sources,
    };
    plan.check_versions_2017()?;
    Ok(plan)
}

fn dropped(live: &Manifest, next: &Manifest) -> Vec<String> {
    let gone = |old: &[String], new: &[String]| -> Vec<String> {
        old.iter().filter(|pattern| !new.contains(pattern)).cloned().collect()
    };
    [gone(live.preserve(), next.preserve()), gone(live.config(), next.config())].concat()
}

fn patterns(manifest: &Manifest) -> (&[String], &[String]) {
    (manifest.preserve(), manifest.config())
}
