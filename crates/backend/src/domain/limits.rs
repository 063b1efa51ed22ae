//! How much one player, one address and all together may ask for.

use super::Requester;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// `POST /runs`
    IssueRun,
    /// `POST /scores`
    SubmitScore,
    /// `PATCH` and `DELETE` of datasets
    ChangeDataset,
    /// `GET` of datasets
    ReadDataset,
    /// `GET` of the board and the history
    ReadScores,
    /// Whatever asks a login provider
    LogIn,
}

impl Action {
    /// Its name in a store.
    pub fn as_str(self) -> &'static str {
        match self {
            Action::IssueRun => "run",
            Action::SubmitScore => "score",
            Action::ChangeDataset => "dataset",
            Action::ReadDataset => "read-dataset",
            Action::ReadScores => "read",
            Action::LogIn => "login",
        }
    }
}

/// Requests in one minute of the clock.
#[derive(Debug, Clone, Copy)]
pub struct ServiceLimits {
    /// Runs of a player. The shortest run and the way back to the next one take over a second.
    pub runs_per_minute: u32,
    /// Scores of a player: each costs a replay.
    pub scores_per_minute: u32,
    /// Changes of datasets of a player.
    pub dataset_changes_per_minute: u32,
    /// Readings of datasets of a player: each may be a MiB.
    pub dataset_reads_per_minute: u32,
    /// Readings of the board and the history of a player.
    pub score_reads_per_minute: u32,
    /// The same of an address, for those who are not logged in.
    pub anonymous_reads_per_minute: u32,
    /// Logins of an address, refreshes included: each asks the provider, also one that fails.
    pub logins_per_minute: u32,
    /// Logins of all together: a provider counts them as one app's.
    pub all_logins_per_minute: u32,
}

impl Default for ServiceLimits {
    fn default() -> Self {
        ServiceLimits {
            runs_per_minute: 60,
            scores_per_minute: 60,
            dataset_changes_per_minute: 120,
            dataset_reads_per_minute: 120,
            score_reads_per_minute: 120,
            anonymous_reads_per_minute: 300,
            logins_per_minute: 60,
            all_logins_per_minute: 3000,
        }
    }
}

impl ServiceLimits {
    /// No limits.
    pub const NONE: ServiceLimits = ServiceLimits {
        runs_per_minute: u32::MAX,
        scores_per_minute: u32::MAX,
        dataset_changes_per_minute: u32::MAX,
        dataset_reads_per_minute: u32::MAX,
        score_reads_per_minute: u32::MAX,
        anonymous_reads_per_minute: u32::MAX,
        logins_per_minute: u32::MAX,
        all_logins_per_minute: u32::MAX,
    };

    /// The limit of an action.
    pub fn of(&self, by: &Requester, action: Action) -> u32 {
        match (action, by) {
            (Action::IssueRun, _) => self.runs_per_minute,
            (Action::SubmitScore, _) => self.scores_per_minute,
            (Action::ChangeDataset, _) => self.dataset_changes_per_minute,
            (Action::ReadDataset, _) => self.dataset_reads_per_minute,
            (Action::ReadScores, Requester::Player(_)) => self.score_reads_per_minute,
            (Action::ReadScores, _) => self.anonymous_reads_per_minute,
            (Action::LogIn, Requester::Everybody) => self.all_logins_per_minute,
            (Action::LogIn, _) => self.logins_per_minute,
        }
    }
}
