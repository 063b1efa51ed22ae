//! Updating: an install folder becomes a channel's release.
//!
//! Plan, then carry out. All that a release needs is fetched and verified before the first live file is
//! touched, and from the journal on only names change: a run that is killed anywhere leaves the old
//! release or one that the next run finishes. The steps are numbered as in ARCHITECTURE.md.

mod carry_out;
mod channel_release;
mod commit;
mod compare;
mod fetch;
mod free_name;
mod options;
mod plan;
mod rate;
mod recover;
mod rollback_guard;
mod stage;
mod verify;

use std::sync::Arc;

use naru_protocol::{Channel, Manifest, RelPath};
use naru_store::ReadStore;
use serde::Serialize;

pub use self::options::UpdateOptions;
pub use self::plan::UpdatePlan;
pub use self::rate::RateLimit;
pub use self::verify::{Repaired, Verification, Wound, WoundKind};

use self::compare::{Comparer, Comparison, Depth, open_folders};
use self::plan::Planner;
use crate::install_folder::{Installed, InstalledRelease, Known, Lock, OwnFolder};
use crate::release::WantedRelease;
use crate::{InstallFolder, ProgressSink, UpdateError, Warning};

/// Brings an install folder to a channel's release.
pub struct Updater {
    store: Arc<dyn ReadStore>,
    folder: InstallFolder,
    options: UpdateOptions,
    progress: Arc<dyn ProgressSink>,
}

/// A finished update.
#[derive(Debug, Clone, Serialize)]
pub struct Updated {
    /// The release that was installed before.
    pub from: Option<u64>,
    /// The installed release.
    pub to: u64,
    /// Its notes.
    pub notes: String,
    /// Whether an interrupted update was finished first.
    pub interrupted: bool,
    /// Bytes that came over the network.
    pub downloaded_bytes: u64,
    /// Files that needed the network.
    pub downloaded_files: u64,
    /// Bytes that were here already: of an interrupted run, or of files of the install folder.
    pub resumed_bytes: u64,
    /// Files whose bytes were in the install folder under another name.
    pub moved_files: u64,
    /// Files that went.
    pub deleted_files: u64,
    /// Files of the player that stayed.
    pub kept: Vec<RelPath>,
}

/// What a plan is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Aim {
    Update,
    Repair,
}

/// The install folder as it is, and the release that it is to have.
struct Sides {
    local: Local,
    wanted: WantedRelease,
}

/// What the install folder says of itself.
enum Local {
    Installed(Box<InstalledRelease>),
    /// No ledger that can be read.
    Unreadable(Known),
    /// No ledger; perhaps the list of a 2017 client.
    Nothing(Known),
}

impl Local {
    fn known(&self) -> &Known {
        match self {
            Self::Installed(release) => &release.known,
            Self::Unreadable(known) | Self::Nothing(known) => known,
        }
    }

    fn release(&self) -> Option<&InstalledRelease> {
        match self {
            Self::Installed(release) => Some(release),
            Self::Unreadable(_) | Self::Nothing(_) => None,
        }
    }

    fn installed(&self) -> Option<&Installed> {
        self.release().map(|release| &release.installed)
    }

    fn manifest(&self) -> Option<&Manifest> {
        self.release().map(|release| &release.manifest)
    }
}

impl Updater {
    /// Works on a folder, which need not be there yet.
    pub fn new(
        store: Arc<dyn ReadStore>,
        folder: InstallFolder,
        options: UpdateOptions,
        progress: Arc<dyn ProgressSink>,
    ) -> Self {
        Self { store, folder, options, progress }
    }

    /// The folder that it works on.
    pub fn folder(&self) -> &InstallFolder {
        &self.folder
    }

    /// Compares the folder with the channel's release. An interrupted commit is finished first.
    pub async fn plan(&self) -> Result<UpdatePlan, UpdateError> {
        // 1. Lock the folder: two runs at once would put two releases in place. A journal that is there
        //    is rolled forward first, because until then the folder is neither of two releases.
        let _lock = Lock::take(self.own())?;
        let interrupted = self.folder.finish_commit(&*self.progress)?;
        let plan = self.plan_update().await?;
        Ok(UpdatePlan { interrupted, ..plan })
    }

    /// The plan of [`Updater::plan`], without changing or creating the folder. Files that an interrupted
    /// commit still has to install count as staged.
    pub async fn preview(&self) -> Result<UpdatePlan, UpdateError> {
        let _lock = Lock::look_if_there(self.own())?;
        let interrupted = self.own().has_journal()?;
        let plan = self.compared_plan().await?;
        Ok(UpdatePlan { interrupted, ..plan })
    }

    /// Carries out a plan. The live files change only after everything needed is verified and on the disk;
    /// until then any failure leaves the old release unchanged.
    pub async fn update(&self, plan: UpdatePlan) -> Result<Updated, UpdateError> {
        let lock = Arc::new(Lock::take(self.own())?);
        // Another run may have worked on the folder since the plan was made.
        let recovered = self.folder.finish_commit(&*self.progress)?;
        let interrupted = recovered || plan.interrupted;
        let is_stale = recovered || self.has_moved_on(&plan)?;
        let plan = if is_stale { self.plan_update().await? } else { plan };
        let updated = self.carry_through(plan, Aim::Update, &lock).await?;
        Ok(Updated { interrupted, ..updated })
    }

    /// Verifies, and fetches the damaged pieces again. Where the ledger can't be read, the channel's
    /// release is what the folder is compared with.
    pub async fn repair(&self) -> Result<Repaired, UpdateError> {
        // Nothing is made where nothing is installed: a wrong path would get a folder of ours.
        let lock = Arc::new(Lock::take_existing(self.own())?);
        self.folder.finish_commit(&*self.progress)?;
        let (found, plan) = self.plan_repair().await?;
        let done = self.carry_through(plan, Aim::Repair, &lock).await?;
        Ok(Repaired { release: found.release, wounds: found.wounds, downloaded_bytes: done.downloaded_bytes })
    }

    async fn plan_update(&self) -> Result<UpdatePlan, UpdateError> {
        let plan = self.compared_plan().await?;
        self.drop_stage_of_nothing(&plan)?;
        Ok(plan)
    }

    /// What an update has to do. Changes nothing in the folder.
    async fn compared_plan(&self) -> Result<UpdatePlan, UpdateError> {
        // 2. The channel's release: bounded, verified, not older than what is installed.
        let local = self.local()?;
        let wanted = self.channel_release(local.release()).await?;
        let sides = Sides { local, wanted };
        // 3. Compare it with the ledger and the disk.
        let comparison = self.compare(&sides, Depth::Stat)?;
        self.plan_of(sides, comparison)
    }

    /// What differs from the installed release with every byte read, and the plan that ends it.
    async fn plan_repair(&self) -> Result<(Verification, UpdatePlan), UpdateError> {
        let local = self.local()?;
        let wanted = match &local {
            Local::Installed(release) => release.wanted_again(),
            Local::Unreadable(_) => self.channel_release(None).await?,
            Local::Nothing(_) => return Err(self.folder.not_installed()),
        };
        let sides = Sides { local, wanted };
        let mut comparison = self.compare(&sides, Depth::Bytes)?;
        let found = Verification::of(sides.wanted.head.number, &comparison.files);
        // Below a folder that its owner may not enter, every file would be fetched anew and none put
        // in place.
        if open_folders(&self.own().install, &comparison.files) {
            comparison = self.compare(&sides, Depth::Bytes)?;
        }
        let plan = self.plan_of(sides, comparison)?;
        self.drop_stage_of_nothing(&plan)?;
        Ok((found, plan))
    }

    fn compare(&self, sides: &Sides, depth: Depth) -> Result<Comparison, UpdateError> {
        let comparer = Comparer {
            own: self.own(),
            wanted: &sides.wanted,
            known: sides.local.known(),
            depth,
            progress: &*self.progress,
        };
        comparer.compare()
    }

    fn plan_of(&self, sides: Sides, comparison: Comparison) -> Result<UpdatePlan, UpdateError> {
        let Sides { local, wanted } = sides;
        let planner = Planner {
            root: &self.own().install,
            known: local.known(),
            old: local.manifest(),
            from: local.installed(),
        };
        // Obstacles are refused now, before a download that could not be installed.
        let mut plan = planner.plan(wanted.head, comparison.unobstructed()?);
        // A rename into another file system fails, and after the journal that would be too late.
        plan.check_mounts(self.own())?;
        if let Some(stage) = self.own().stage()? {
            plan.count_staged(&stage);
        }
        Ok(plan)
    }

    /// An empty plan is not carried out, so the stage of another release's download is removed here, and
    /// the rest of a commit that was stopped at its very end.
    fn drop_stage_of_nothing(&self, plan: &UpdatePlan) -> Result<(), UpdateError> {
        if plan.is_empty() { self.own().drop_stage() } else { Ok(()) }
    }

    /// What the install folder says of itself. All that a ledger which can't be read could say is found
    /// out by reading the files.
    fn local(&self) -> Result<Local, UpdateError> {
        match InstalledRelease::read(self.own()) {
            Ok(Some(release)) => Ok(Local::Installed(Box::new(release))),
            Ok(None) => Known::of_2017(self.own()).map(Local::Nothing),
            Err(UpdateError::BrokenLedger { problem, .. }) => {
                self.progress.warn(Warning::BrokenLedger { problem, channel: self.channel(None) });
                Known::of_2017(self.own()).map(Local::Unreadable)
            }
            Err(error) => Err(error),
        }
    }

    fn channel(&self, installed: Option<&Installed>) -> Channel {
        let installed = installed.map(|installed| &installed.channel);
        self.options.channel.as_ref().or(installed).cloned().unwrap_or_else(Channel::live)
    }

    /// Whether the ledger says something else than when the plan was made.
    fn has_moved_on(&self, plan: &UpdatePlan) -> Result<bool, UpdateError> {
        match InstalledRelease::named_by_ledger(self.own()) {
            Err(UpdateError::BrokenLedger { .. }) => Ok(plan.basis.is_some()),
            installed => Ok(installed? != plan.basis),
        }
    }

    fn own(&self) -> &OwnFolder {
        &self.folder.own
    }
}
