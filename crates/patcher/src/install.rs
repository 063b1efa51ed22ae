//! An install folder: planning, updating, verifying and repairing it.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use naru_protocol::{
    Channel, Digest, FileList2017, FormatError, Keys, Locations, Manifest, Platform, RelPath, unpack_own,
};
use naru_store::{ObjectRef, ReadStore};

use crate::commit::roll_forward;
use crate::disk::sync_file_system;
use crate::fetch::{Fetched, Fetcher};
use crate::journal::OwnFolder;
use crate::ledger::{Documents, Installed, Ledger, Status};
use crate::local_state::{Comparer, Comparison, Depth, Known};
use crate::rate::RateLimit;
use crate::remote::{Wanted, WantedRelease, read_pointer, read_release, wanted_files};
use crate::stage::StagedFile;
use crate::update::{Planner, UpdatePlan, Updated, finish_plan};
use crate::verify::{Repaired, Verification, verification};
use crate::{ProgressSink, UpdateError, Warning};

/// How to update.
#[derive(Debug, Clone)]
pub struct UpdateOptions {
    /// The upload prefix in the bucket.
    pub prefix: String,
    /// The channel to follow.
    pub channel: Channel,
    /// The system to install for.
    pub platform: Platform,
    /// Connections at once.
    pub connections: usize,
    /// Bytes per second for all connections together.
    pub rate_limit: Option<u64>,
}

impl Default for UpdateOptions {
    fn default() -> Self {
        Self {
            prefix: "update".into(),
            channel: Channel::live(),
            platform: this_platform(),
            connections: 16,
            rate_limit: None,
        }
    }
}

fn this_platform() -> Platform {
    if cfg!(windows) {
        Platform::WindowsX8664
    } else if cfg!(target_os = "macos") {
        Platform::MacosUniversal
    } else {
        Platform::LinuxX8664
    }
}

/// An install folder and the store that its releases come from.
pub struct Installer {
    store: Arc<dyn ReadStore>,
    own: OwnFolder,
    options: UpdateOptions,
    progress: Arc<dyn ProgressSink>,
}

/// The right to work on an install folder, until it is dropped.
struct Lock {
    _file: File,
}

/// The installed release as the ledger keeps it.
struct Kept {
    installed: Installed,
    manifest: Manifest,
    locations: Locations,
    known: Known,
}

impl Installer {
    /// Works on `install`, which need not be there yet.
    pub fn new(
        store: Arc<dyn ReadStore>,
        install: impl Into<PathBuf>,
        options: UpdateOptions,
        progress: Arc<dyn ProgressSink>,
    ) -> Self {
        Self { store, own: OwnFolder::new(&install.into()), options, progress }
    }

    /// What the ledger says, without a server and without reading the files.
    pub fn status(install: &Path) -> Result<Status, UpdateError> {
        let own = OwnFolder::new(install);
        let mut status = Status {
            installed: None,
            notes: String::new(),
            files: 0,
            bytes: 0,
            interrupted: own.journal().exists(),
            staged_bytes: staged_bytes(&own.stage()),
            made_by_2017: false,
        };
        if !own.ledger().exists() {
            return Ok(status);
        }
        let ledger = Ledger::open(&own.ledger())?;
        if let Some(installed) = ledger.installed()? {
            status.installed = Some(installed.number);
            status.notes = installed.notes;
            status.made_by_2017 = installed.made_by_2017;
            (status.files, status.bytes) = ledger.totals()?;
        }
        Ok(status)
    }

    /// Compares the folder with the channel's release. An interrupted commit is finished first.
    pub async fn plan(&self) -> Result<UpdatePlan, UpdateError> {
        let _lock = self.lock()?;
        self.recover()?;
        self.plan_locked().await
    }

    /// Carries out a plan. The live files are touched only after all that is needed is verified and
    /// on the disk; until then any failure leaves the old release as it was.
    pub async fn update(&self, plan: UpdatePlan) -> Result<Updated, UpdateError> {
        let _lock = self.lock()?;
        // Another run may have worked on the folder since the plan was made.
        let interrupted = self.recover()?;
        let plan = if interrupted || self.has_moved_on(&plan)? { self.plan_locked().await? } else { plan };
        self.carry_out(plan).await
    }

    /// Reads every byte of the installed release. Needs no server and changes nothing, except that
    /// an interrupted commit is finished first.
    pub async fn verify(&self) -> Result<Verification, UpdateError> {
        let _lock = self.lock_existing()?;
        self.recover()?;
        let kept = self.kept()?.ok_or_else(|| self.not_installed())?;
        let release = self.installed_release(&kept);
        let comparison = self.compare(&release, &kept.known, Depth::Bytes)?;
        Ok(verification(&release, &comparison))
    }

    /// Verifies, and fetches the damaged pieces again.
    pub async fn repair(&self) -> Result<Repaired, UpdateError> {
        let _lock = self.lock_existing()?;
        self.recover()?;
        let kept = self.kept()?.ok_or_else(|| self.not_installed())?;
        let release = self.installed_release(&kept);
        let comparison = self.compare(&release, &kept.known, Depth::Bytes)?;
        let found = verification(&release, &comparison);
        let plan = self.planner(&kept.known, Some(&kept)).plan(release, comparison);
        let done = self.carry_out(plan).await?;
        Ok(Repaired { release: found.release, wounds: found.wounds, downloaded_bytes: done.downloaded_bytes })
    }

    async fn plan_locked(&self) -> Result<UpdatePlan, UpdateError> {
        let kept = self.kept()?;
        let release = self.offered(kept.as_ref()).await?;
        let adopted;
        let known = match &kept {
            Some(kept) => &kept.known,
            None => {
                adopted = self.adopt_2017()?;
                &adopted
            }
        };
        let comparison = self.compare(&release, known, Depth::Stat)?;
        let plan = self.planner(known, kept.as_ref()).plan(release, comparison);
        if plan.is_empty() {
            // What a download of another release left, or a commit that was stopped at its very end:
            // whoever sees an empty plan need not carry it out.
            self.own.drop_stage()?;
        }
        Ok(plan)
    }

    async fn carry_out(&self, plan: UpdatePlan) -> Result<Updated, UpdateError> {
        let mut updated = summary(&plan);
        if plan.is_empty() {
            // What an interrupted download of another release left.
            self.own.drop_stage()?;
            return Ok(updated);
        }
        for path in &plan.kept {
            self.progress.warn(Warning::KeptChanged(path.clone()));
        }
        let fetched = self.stage(&plan).await?;
        updated.downloaded_bytes = fetched.bytes;
        updated.downloaded_files = fetched.files;
        updated.resumed_bytes = fetched.present;
        let own = self.own.clone();
        let progress = Arc::clone(&self.progress);
        let commit = move || -> Result<(), UpdateError> {
            let (journal, documents) = finish_plan(&own, plan)?;
            own.stage_documents(&documents)?;
            sync_file_system(&own.stage()).map_err(UpdateError::io("flushing", &own.stage()))?;
            own.write_journal(&journal)?;
            roll_forward(&own, &journal, &*progress)
        };
        match tokio::task::spawn_blocking(commit).await {
            Ok(result) => result.map(|()| updated),
            Err(stopped) => std::panic::resume_unwind(stopped.into_panic()),
        }
    }

    /// Gathers everything that the commit needs.
    async fn stage(&self, plan: &UpdatePlan) -> Result<Fetched, UpdateError> {
        let stage = self.own.stage();
        std::fs::create_dir_all(&stage).map_err(UpdateError::io("making", &stage))?;
        plan.check_space(&self.own)?;
        let files = plan.jobs.iter().map(|job| StagedFile::new(&stage, job.clone())).collect();
        let fetcher = Fetcher {
            store: Arc::clone(&self.store),
            connections: self.options.connections,
            rate: self.options.rate_limit.map(|rate| Arc::new(RateLimit::new(rate))),
            progress: Arc::clone(&self.progress),
        };
        fetcher.fill(files).await
    }

    /// The channel's release, after the checks that keep an old or a mixed one out.
    async fn offered(&self, kept: Option<&Kept>) -> Result<WantedRelease, UpdateError> {
        let wanted = Wanted {
            keys: Keys::new(&self.options.prefix),
            channel: self.options.channel.clone(),
            platform: self.options.platform,
        };
        let object = ObjectRef::newest(wanted.keys.pointer(&wanted.channel));
        let read = read_pointer(&*self.store, &object).await?;
        let nothing = || UpdateError::NothingPublished {
            at: format!("{}/{}", self.store.name().trim_end_matches('/'), object.key),
        };
        let pointer = read.ok_or_else(nothing)?.pointer;
        if let Some(kept) = kept
            && pointer.version < kept.installed.number
        {
            return Err(UpdateError::OlderRelease {
                installed: kept.installed.number,
                offered: pointer.version,
            });
        }
        let release = read_release(Arc::clone(&self.store), &wanted, pointer).await?;
        if release.made_by_2017 {
            self.progress.warn(Warning::Release2017);
        }
        match (kept, release.manifest) {
            (Some(kept), Some(manifest))
                if kept.installed.number == release.number && kept.installed.manifest != manifest =>
            {
                Err(UpdateError::SameNumberOtherContent { number: release.number })
            }
            _ => Ok(release),
        }
    }

    fn compare(
        &self,
        release: &WantedRelease,
        known: &Known,
        depth: Depth,
    ) -> Result<Comparison, UpdateError> {
        let comparer =
            Comparer { root: &self.own.install, wanted: release, known, depth, progress: &*self.progress };
        comparer.compare()
    }

    fn planner<'a>(&'a self, known: &'a Known, kept: Option<&'a Kept>) -> Planner<'a> {
        Planner {
            root: &self.own.install,
            known,
            old: kept.map(|kept| &kept.manifest),
            from: kept.map(|kept| &kept.installed),
        }
    }

    fn installed_release(&self, kept: &Kept) -> WantedRelease {
        let keys = Keys::new(&self.options.prefix);
        WantedRelease {
            number: kept.installed.number,
            notes: kept.installed.notes.clone(),
            made_by_2017: kept.installed.made_by_2017,
            manifest: Some(kept.installed.manifest),
            files: wanted_files(&keys, &kept.manifest, kept.locations.versions()),
            preserve: kept.manifest.preserve().to_vec(),
            config: kept.manifest.config().to_vec(),
        }
    }

    fn kept(&self) -> Result<Option<Kept>, UpdateError> {
        if !self.own.ledger().exists() {
            return Ok(None);
        }
        let ledger = Ledger::open(&self.own.ledger())?;
        let (Some(installed), Some(documents)) = (ledger.installed()?, ledger.documents()?) else {
            return Ok(None);
        };
        let (manifest, locations) = open_documents(&installed.manifest, &documents)?;
        let paths = manifest.files().iter().map(|entry| entry.path.clone());
        let known = Known {
            rows: ledger.rows()?,
            versions: paths.zip(locations.versions().iter().cloned()).collect::<HashMap<RelPath, String>>(),
            preserve: manifest.preserve().to_vec(),
            config: manifest.config().to_vec(),
            list_2017: None,
        };
        Ok(Some(Kept { installed, manifest, locations, known }))
    }

    /// What a 2017 client left in the folder.
    fn adopt_2017(&self) -> Result<Known, UpdateError> {
        let path = self.own.install.join("filedb.db");
        let list = match std::fs::read(&path) {
            // Anything else of that name is the player's own.
            Ok(bytes) => FileList2017::decode(&bytes).ok(),
            Err(error) if crate::disk::is_missing(&error) => None,
            Err(error) => return Err(UpdateError::io("reading", &path)(error)),
        };
        Ok(Known { list_2017: list, ..Known::default() })
    }

    fn has_moved_on(&self, plan: &UpdatePlan) -> Result<bool, UpdateError> {
        let installed =
            if self.own.ledger().exists() { Ledger::open(&self.own.ledger())?.installed()? } else { None };
        Ok(installed.map(|installed| installed.number) != plan.from)
    }

    /// Finishes an interrupted commit; tells whether there was one.
    fn recover(&self) -> Result<bool, UpdateError> {
        let Some(journal) = self.own.read_journal()? else {
            return Ok(false);
        };
        roll_forward(&self.own, &journal, &*self.progress)?;
        Ok(true)
    }

    fn not_installed(&self) -> UpdateError {
        UpdateError::NotInstalled { path: self.own.install.clone() }
    }

    fn lock_existing(&self) -> Result<Lock, UpdateError> {
        if !self.own.path().is_dir() {
            return Err(self.not_installed());
        }
        self.lock()
    }

    fn lock(&self) -> Result<Lock, UpdateError> {
        let folder = self.own.path();
        std::fs::create_dir_all(&folder).map_err(UpdateError::io("making", &folder))?;
        let path = self.own.lock();
        let opened = File::options().write(true).create(true).truncate(false).open(&path);
        let file = opened.map_err(UpdateError::io("opening", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { _file: file }),
            Err(std::fs::TryLockError::WouldBlock) => {
                Err(UpdateError::Busy { path: self.own.install.clone() })
            }
            Err(std::fs::TryLockError::Error(error)) => Err(UpdateError::io("locking", &path)(error)),
        }
    }
}

fn open_documents(digest: &Digest, documents: &Documents) -> Result<(Manifest, Locations), UpdateError> {
    let bytes = unpack_own(&documents.manifest)?;
    if Digest::of(&bytes) != *digest {
        let problem = "is not the manifest that the ledger names".to_owned();
        return Err(FormatError { what: "ledger", problem }.into());
    }
    let manifest = Manifest::decode(&bytes)?;
    let locations = unpack_own(&documents.locations)?;
    let locations = Locations::decode(&locations, &manifest, digest)?;
    Ok((manifest, locations))
}

fn summary(plan: &UpdatePlan) -> Updated {
    Updated {
        from: plan.from,
        to: plan.to,
        downloaded_bytes: 0,
        downloaded_files: 0,
        resumed_bytes: 0,
        moved_files: plan.moved_files,
        deleted_files: plan.deleted_files,
        kept: plan.kept.clone(),
    }
}

/// Bytes in the stage; none where there is no stage.
fn staged_bytes(stage: &Path) -> u64 {
    let entries = std::fs::read_dir(stage).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum()
}
