//! Updating: an install folder becomes a channel's release.

mod plan;

use std::sync::Arc;

use naru_protocol::{Channel, Keys, Platform, RelPath};
use naru_store::{ObjectRef, ReadStore};

pub(crate) use plan::{PlannedRow, Planner, Steps, wants_executable};
pub use plan::{UpdatePlan, Updated};

use crate::commit::{Run, roll_forward};
use crate::fetch::{Fetched, Fetcher};
use crate::finish::finish_plan;
use crate::journal::Journal;
use crate::kept::{Kept, adopt_2017};
use crate::local_state::{Comparer, Comparison, Depth, Known};
use crate::lock::Lock;
use crate::offer::check_offer;
use crate::own_folder::OwnFolder;
use crate::prepare::prepare;
use crate::rate::RateLimit;
use crate::remote::{Wanted, WantedRelease, read_pointer, read_release};
use crate::stage::{StageJob, StagedFile, take_stock};
use crate::unlock::open_folders;
use crate::verify::{Repaired, Verification, verification};
use crate::{InstallFolder, ProgressSink, UpdateError, Warning};

/// How to update.
#[derive(Debug, Clone)]
pub struct UpdateOptions {
    /// The upload prefix in the bucket.
    pub prefix: String,
    /// The channel to follow; without one, that of the installed release, else `live`.
    pub channel: Option<Channel>,
    /// The system to install for.
    pub platform: Platform,
    /// Connections at once.
    pub connections: usize,
    /// Bytes per second for all connections together; it may be changed while they run.
    pub rate_limit: RateLimit,
}

impl Default for UpdateOptions {
    fn default() -> Self {
        Self {
            prefix: "update".into(),
            channel: None,
            platform: this_platform(),
            connections: 16,
            rate_limit: RateLimit::default(),
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

/// Brings an install folder to a channel's release.
pub struct Updater {
    store: Arc<dyn ReadStore>,
    folder: InstallFolder,
    options: UpdateOptions,
    progress: Arc<dyn ProgressSink>,
}

/// How often an update is planned anew because the install folder changed while it was prepared.
const MOST_PLANS: u32 = 5;

/// What carrying out a plan came to.
enum Carried {
    Done(Updated),
    /// Somebody changed this path in the meantime; the live files are untouched.
    Overtaken(RelPath, Fetched),
}

/// What a plan is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Aim {
    Update,
    Repair,
}

impl Aim {
    fn depth(self) -> Depth {
        match self {
            Self::Update => Depth::Stat,
            Self::Repair => Depth::Bytes,
        }
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
        let _lock = Lock::take(self.own())?;
        let interrupted = self.finish_commit()?;
        let (_, plan) = self.plan_for(Aim::Update).await?;
        Ok(UpdatePlan { interrupted, ..plan })
    }

    /// What [`Updater::plan`] would come to, without a trace in the folder: it need not be there
    /// afterwards either. What an interrupted commit still has to put in place counts as staged.
    pub async fn preview(&self) -> Result<UpdatePlan, UpdateError> {
        let _lock = Lock::look_if_there(self.own())?;
        let interrupted = self.own().has_journal()?;
        let (_, plan) = self.compared_plan(Aim::Update).await?;
        Ok(UpdatePlan { interrupted, ..plan })
    }

    /// Carries out a plan. The live files are touched only after all that is needed is verified and
    /// on the disk; until then any failure leaves the old release as it was.
    pub async fn update(&self, plan: UpdatePlan) -> Result<Updated, UpdateError> {
        let lock = Arc::new(Lock::take(self.own())?);
        // Another run may have worked on the folder since the plan was made.
        let recovered = self.finish_commit()?;
        let interrupted = recovered || plan.interrupted;
        let is_stale = recovered || self.has_moved_on(&plan)?;
        let plan = if is_stale { self.plan_for(Aim::Update).await?.1 } else { plan };
        let updated = self.carry_through(plan, Aim::Update, &lock).await?;
        Ok(Updated { interrupted, ..updated })
    }

    /// Verifies, and fetches the damaged pieces again. Where the ledger can't be read, the channel's
    /// release is what the folder is compared with.
    pub async fn repair(&self) -> Result<Repaired, UpdateError> {
        let lock = Arc::new(Lock::take_existing(self.own())?);
        self.finish_commit()?;
        let (found, plan) = self.plan_for(Aim::Repair).await?;
        let done = self.carry_through(plan, Aim::Repair, &lock).await?;
        Ok(Repaired { release: found.release, wounds: found.wounds, downloaded_bytes: done.downloaded_bytes })
    }

    /// What differs from the wanted release, and the plan that ends it.
    async fn plan_for(&self, aim: Aim) -> Result<(Verification, UpdatePlan), UpdateError> {
        let (found, plan) = self.compared_plan(aim).await?;
        if plan.is_empty() {
            // What a download of another release left, or a commit that was stopped at its very end:
            // whoever sees an empty plan need not carry it out.
            self.own().drop_stage()?;
        }
        Ok((found, plan))
    }

    /// The same, with no change to the folder.
    async fn compared_plan(&self, aim: Aim) -> Result<(Verification, UpdatePlan), UpdateError> {
        let kept = self.kept(aim)?;
        let release = match &kept {
            Some(kept) if aim == Aim::Repair => kept.release(),
            _ => self.offered(kept.as_ref()).await?,
        };
        let adopted;
        let known = match &kept {
            Some(kept) => &kept.known,
            None => {
                adopted = adopt_2017(self.own())?;
                &adopted
            }
        };
        let mut comparison = self.compare(&release, known, aim.depth())?;
        let found = verification(&release, &comparison);
        if aim == Aim::Repair && open_folders(&self.own().install, &release, &comparison) {
            comparison = self.compare(&release, known, aim.depth())?;
        }
        let comparison = comparison.unobstructed()?;
        let mut plan = self.planner(known, kept.as_ref()).plan(release, comparison);
        plan.check_mounts(self.own())?;
        if let Some(stage) = self.own().stage()? {
            plan.count_staged(&stage);
        }
        Ok((found, plan))
    }

    /// The installed release. A ledger that can't be read is none: all that it could say is found out
    /// by reading the files.
    fn kept(&self, aim: Aim) -> Result<Option<Kept>, UpdateError> {
        match Kept::read(self.own()) {
            Ok(None) if aim == Aim::Repair => Err(self.folder.not_installed()),
            Err(UpdateError::BrokenLedger { problem, .. }) => {
                self.progress.warn(Warning::BrokenLedger { problem, channel: self.channel(None) });
                Ok(None)
            }
            read => read,
        }
    }

    /// Carries out a plan, and makes a new one where the install folder has changed meanwhile.
    async fn carry_through(
        &self,
        mut plan: UpdatePlan,
        aim: Aim,
        lock: &Arc<Lock>,
    ) -> Result<Updated, UpdateError> {
        let (mut plans, mut wasted) = (1, 0);
        loop {
            match self.carry_out(plan, lock).await? {
                Carried::Done(mut updated) => {
                    updated.downloaded_bytes += wasted;
                    return Ok(updated);
                }
                Carried::Overtaken(path, _) if plans == MOST_PLANS => {
                    return Err(UpdateError::Changing { path: path.below(&self.own().install) });
                }
                Carried::Overtaken(_, fetched) => wasted += fetched.bytes,
            }
            plans += 1;
            plan = self.plan_for(aim).await?.1;
        }
    }

    async fn carry_out(&self, plan: UpdatePlan, lock: &Arc<Lock>) -> Result<Carried, UpdateError> {
        let mut updated = summary(&plan);
        if plan.is_empty() {
            // What an interrupted download of another release left.
            self.own().drop_stage()?;
            return Ok(Carried::Done(updated));
        }
        for (path, ours) in plan.kept.iter().zip(&plan.beside) {
            self.progress.warn(Warning::KeptChanged { path: path.clone(), ours: ours.clone() });
        }
        let fetched = self.stage(&plan, lock).await?;
        updated.downloaded_bytes = fetched.bytes;
        updated.downloaded_files = fetched.files;
        updated.resumed_bytes = fetched.present;
        let own = self.own().clone();
        let progress = Arc::clone(&self.progress);
        let lock = Arc::clone(lock);
        let work = move || {
            let _lock = lock;
            commit(&own, plan, &*progress)
        };
        match tokio::task::spawn_blocking(work).await {
            Ok(Ok(None)) => Ok(Carried::Done(updated)),
            Ok(Ok(Some(path))) => Ok(Carried::Overtaken(path, fetched)),
            Ok(Err(error)) => Err(error),
            Err(stopped) => std::panic::resume_unwind(stopped.into_panic()),
        }
    }

    /// Gathers everything that the commit needs.
    async fn stage(&self, plan: &UpdatePlan, lock: &Arc<Lock>) -> Result<Fetched, UpdateError> {
        let stage = Arc::new(self.own().make_stage()?);
        let staged = take_stock(&stage, &plan.jobs).map_err(UpdateError::io("listing", stage.path()))?;
        plan.check_space(self.own(), &stage, &staged)?;
        let file = |job: &StageJob| StagedFile::new(&stage, job.clone(), staged.contains(&job.name));
        let files = plan.jobs.iter().map(file).collect();
        let fetcher = Fetcher {
            store: Arc::clone(&self.store),
            connections: self.options.connections,
            rate: self.options.rate_limit.clone(),
            progress: Arc::clone(&self.progress),
            lock: Arc::clone(lock),
        };
        fetcher.fill(files).await
    }

    /// The channel's release, after the checks that keep an old or a mixed one out.
    async fn offered(&self, kept: Option<&Kept>) -> Result<WantedRelease, UpdateError> {
        let wanted = Wanted {
            keys: Keys::new(&self.options.prefix),
            channel: self.channel(kept),
            platform: self.options.platform,
        };
        let object = ObjectRef::newest(wanted.keys.pointer(&wanted.channel));
        let read = read_pointer(&*self.store, &object).await?;
        let nothing = || UpdateError::NothingPublished {
            at: format!("{}/{}", self.store.name().trim_end_matches('/'), object.key),
        };
        let pointer = read.ok_or_else(nothing)?.pointer;
        check_offer(&wanted, kept, &pointer)?;
        let mut release = read_release(Arc::clone(&self.store), &wanted, pointer).await?;
        if release.made_by_2017 {
            self.progress.warn(Warning::Release2017);
            release.refused.drain(..).for_each(|name| self.progress.warn(Warning::RefusedName(name)));
            // The 2017 format can't say what belongs to the player: what was said before holds on.
            if let Some(kept) = kept {
                release.preserve.clone_from(&kept.known.preserve);
                release.config.clone_from(&kept.known.config);
            }
        }
        Ok(release)
    }

    fn channel(&self, kept: Option<&Kept>) -> Channel {
        let installed = kept.map(|kept| &kept.installed.channel);
        self.options.channel.as_ref().or(installed).cloned().unwrap_or_else(Channel::live)
    }

    fn compare(
        &self,
        release: &WantedRelease,
        known: &Known,
        depth: Depth,
    ) -> Result<Comparison, UpdateError> {
        let comparer =
            Comparer { root: &self.own().install, wanted: release, known, depth, progress: &*self.progress };
        comparer.compare()
    }

    fn planner<'a>(&'a self, known: &'a Known, kept: Option<&'a Kept>) -> Planner<'a> {
        Planner {
            root: &self.own().install,
            keys: Keys::new(&self.options.prefix),
            known,
            old: kept.map(|kept| &kept.manifest),
            from: kept.map(|kept| &kept.installed),
        }
    }

    fn has_moved_on(&self, plan: &UpdatePlan) -> Result<bool, UpdateError> {
        match Kept::installed(self.own()) {
            Err(UpdateError::BrokenLedger { .. }) => Ok(plan.basis.is_some()),
            installed => Ok(installed? != plan.basis),
        }
    }

    fn finish_commit(&self) -> Result<bool, UpdateError> {
        self.folder.finish_commit(&*self.progress)
    }

    fn own(&self) -> &OwnFolder {
        &self.folder.own
    }
}

/// Puts everything in its place; answers the path that has changed since the plan was made, in which
/// case the live files are untouched.
fn commit(
    own: &OwnFolder,
    plan: UpdatePlan,
    progress: &dyn ProgressSink,
) -> Result<Option<RelPath>, UpdateError> {
    if let Some(path) = plan.overtaken(&own.install)? {
        return Ok(Some(path));
    }
    plan.check_mounts(own)?;
    let journal = begin(own, plan).inspect_err(|_| own.drop_folders())?;
    roll_forward(own, &journal, Run::First, progress)?;
    Ok(None)
}

/// Makes all that the commit needs, and writes the journal. Nothing after it needs room on the disk.
fn begin(own: &OwnFolder, plan: UpdatePlan) -> Result<Journal, UpdateError> {
    let stage = own.existing_stage()?;
    let (mut journal, documents) = finish_plan(own, &stage, plan)?;
    prepare(own, &stage, &mut journal, &documents)?;
    stage.sync().map_err(UpdateError::io("flushing", stage.path()))?;
    own.write_journal(&journal)?;
    Ok(journal)
}

fn summary(plan: &UpdatePlan) -> Updated {
    Updated {
        from: plan.from,
        to: plan.to,
        notes: plan.notes.clone(),
        interrupted: plan.interrupted,
        downloaded_bytes: 0,
        downloaded_files: 0,
        resumed_bytes: 0,
        moved_files: plan.moved_files,
        deleted_files: plan.deleted_files,
        kept: plan.kept.clone(),
    }
}
