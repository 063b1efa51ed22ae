//! Who may work on the install folder.
//!
//! There is one [`InstallLease`]. Work on the folder, the running game and the replacement of the launcher
//! each hold a [`Lease`] for as long as they take; a refusal names the holder. A check of the server only
//! reads: it has a [`CheckLease`] and yields to work and to the game.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OwnedMutexGuard;
use tokio_util::sync::CancellationToken;

use crate::view::{Problem, ProblemCode};

/// What the lease is held for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holder {
    /// The game runs: nothing on the disk may change under it.
    Game,
    /// A job on the installed game.
    Job,
    /// A job of the publisher's. It leaves the installed game alone, which may be played meanwhile.
    PublisherJob,
    /// A newer launcher is being put in place, which ends this one.
    SelfUpdate,
}

impl Holder {
    fn bears(self, other: Self) -> bool {
        matches!((self, other), (Self::Game, Self::PublisherJob) | (Self::PublisherJob, Self::Game))
    }

    /// Those of the holders that this one has to wait for.
    pub(crate) fn waits_for(self, holders: &[Self]) -> impl Iterator<Item = Self> {
        holders.iter().copied().filter(move |other| !self.bears(*other))
    }

    /// Whether a check has to give the folder free.
    fn needs_folder(self) -> bool {
        matches!(self, Self::Game | Self::Job)
    }
}

/// The lease is held for something that does not bear what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) by: Holder,
}

impl From<Held> for Problem {
    fn from(held: Held) -> Self {
        Self::plain(match held.by {
            Holder::Game => ProblemCode::GameRunning,
            Holder::Job | Holder::PublisherJob | Holder::SelfUpdate => ProblemCode::JobRunning,
        })
    }
}

/// Gives out leases.
#[derive(Clone, Default)]
pub(crate) struct InstallLease(Arc<Shared>);

#[derive(Default)]
struct Shared {
    holding: Mutex<Holding>,
    /// Held while files of the folder are open. A holder waits here for a check that gives way and
    /// for the recovery at the start.
    turn: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Default)]
struct Holding {
    holders: Vec<Holder>,
    check: Option<RunningCheck>,
    last_check: u64,
}

struct RunningCheck {
    id: u64,
    wanted: CancellationToken,
}

impl InstallLease {
    /// Takes the lease, or says who holds it. A check that is under way is asked to give way.
    pub(crate) fn take(&self, holder: Holder) -> Result<Lease, Held> {
        let mut holding = self.0.holding();
        if let Some(by) = holder.waits_for(&holding.holders).next() {
            return Err(Held { by });
        }
        holding.holders.push(holder);
        if holder.needs_folder()
            && let Some(check) = holding.check.take()
        {
            check.wanted.cancel();
        }
        Ok(Lease { holder, lease: self.clone() })
    }

    /// For a check; `None` while another check, work on the game or the game itself is running.
    pub(crate) fn take_for_check(&self) -> Option<CheckLease> {
        let mut holding = self.0.holding();
        if holding.check.is_some() || holding.holders.iter().any(|holder| holder.needs_folder()) {
            return None;
        }
        holding.last_check += 1;
        let (id, wanted) = (holding.last_check, CancellationToken::new());
        holding.check = Some(RunningCheck { id, wanted: wanted.clone() });
        Some(CheckLease { id, wanted, lease: self.clone() })
    }

    pub(crate) fn is_held_for(&self, holder: Holder) -> bool {
        self.0.holding().holders.contains(&holder)
    }

    /// Waits until no files of the folder are open any more.
    pub(crate) async fn turn(&self) -> Turn {
        Turn { _guard: Arc::clone(&self.0.turn).lock_owned().await }
    }
}

impl Shared {
    fn holding(&self) -> MutexGuard<'_, Holding> {
        self.holding.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Held for as long as the work, the game or the self-update takes.
#[must_use = "the lease is given back when this is dropped"]
pub(crate) struct Lease {
    holder: Holder,
    lease: InstallLease,
}

impl Lease {
    /// Waits until open files of the folder are closed, if the holder needs them.
    pub(crate) async fn turn(&self) -> Option<Turn> {
        if self.holder.needs_folder() { Some(self.lease.turn().await) } else { None }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut holding = self.lease.0.holding();
        if let Some(at) = holding.holders.iter().position(|holder| *holder == self.holder) {
            holding.holders.swap_remove(at);
        }
    }
}

/// Held by a check of the server.
#[must_use = "the lease is given back when this is dropped"]
pub(crate) struct CheckLease {
    id: u64,
    wanted: CancellationToken,
    lease: InstallLease,
}

impl CheckLease {
    /// Tells checks apart: one that gave way may end after the next one has begun.
    pub(crate) fn id(&self) -> u64 {
        self.id
    }

    /// Waits until another holder wants the folder.
    pub(crate) async fn wanted(&self) {
        self.wanted.cancelled().await;
    }

    pub(crate) async fn turn(&self) -> Turn {
        self.lease.turn().await
    }
}

impl Drop for CheckLease {
    fn drop(&mut self) {
        self.lease.0.holding().check.take_if(|check| check.id == self.id);
    }
}

/// The right to have files of the folder open.
#[must_use = "others wait until this is dropped"]
pub(crate) struct Turn {
    _guard: OwnedMutexGuard<()>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(lease: &InstallLease, holder: Holder) -> Option<Holder> {
        lease.take(holder).err().map(|held| held.by)
    }

    #[test]
    fn whoever_is_refused_is_told_who_holds_it() {
        use Holder::{Game, Job, PublisherJob, SelfUpdate};
        for (held, wanted, by) in [
            (Game, Game, Some(Game)),
            (Game, Job, Some(Game)),
            (Game, PublisherJob, None),
            (Game, SelfUpdate, Some(Game)),
            (Job, Game, Some(Job)),
            (Job, Job, Some(Job)),
            (Job, PublisherJob, Some(Job)),
            (Job, SelfUpdate, Some(Job)),
            (PublisherJob, Game, None),
            (PublisherJob, Job, Some(PublisherJob)),
            (PublisherJob, PublisherJob, Some(PublisherJob)),
            (PublisherJob, SelfUpdate, Some(PublisherJob)),
            (SelfUpdate, Game, Some(SelfUpdate)),
            (SelfUpdate, Job, Some(SelfUpdate)),
            (SelfUpdate, PublisherJob, Some(SelfUpdate)),
            (SelfUpdate, SelfUpdate, Some(SelfUpdate)),
        ] {
            let lease = InstallLease::default();
            let first = lease.take(held).expect("nobody holds it");
            assert_eq!(refused(&lease, wanted), by, "{held:?}, then {wanted:?}");
            drop(first);
            assert_eq!(refused(&lease, wanted), None, "{held:?} has given it back");
        }
    }

    #[test]
    fn a_holder_gives_back_what_is_its_own() {
        let lease = InstallLease::default();
        let game = lease.take(Holder::Game).expect("free");
        let job = lease.take(Holder::PublisherJob).expect("they bear each other");
        drop(game);
        assert!(!lease.is_held_for(Holder::Game) && lease.is_held_for(Holder::PublisherJob));
        drop(job);
        drop(lease.take(Holder::SelfUpdate).expect("free again"));
    }

    #[tokio::test]
    async fn a_check_gives_way_and_is_waited_for() {
        let lease = InstallLease::default();
        let check = lease.take_for_check().expect("nobody works");
        assert!(lease.take_for_check().is_none(), "one check at a time");
        let turn = check.turn().await;
        let job = lease.take(Holder::Job).expect("a check holds nobody up");
        check.wanted().await;
        assert!(lease.take_for_check().is_none(), "a check would only be in the way");
        let waiting = tokio::spawn(async move { job.turn().await.is_some() });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished(), "the check still has files open");
        drop((turn, check));
        assert!(waiting.await.expect("no panic"), "now it is the job's turn");
    }

    #[test]
    fn a_check_that_gave_way_does_not_end_the_next_one() {
        let lease = InstallLease::default();
        let first = lease.take_for_check().expect("nobody works");
        drop(lease.take(Holder::Game).expect("a check holds nobody up"));
        let second = lease.take_for_check().expect("the first one has given way");
        drop(first);
        assert!(lease.take_for_check().is_none(), "the second one is under way");
        drop(second);
        assert!(lease.take_for_check().is_some());
    }

    #[test]
    fn publishing_and_self_update_leave_a_check_alone() {
        for holder in [Holder::PublisherJob, Holder::SelfUpdate] {
            let lease = InstallLease::default();
            let check = lease.take_for_check().expect("nobody works");
            let held = lease.take(holder).expect("a check holds nobody up");
            assert!(!check.wanted.is_cancelled(), "{holder:?} does not need the folder");
            drop(check);
            assert!(lease.take_for_check().is_some(), "{holder:?} bears one");
            drop(held);
        }
    }
}
