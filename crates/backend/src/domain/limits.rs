//! How much one player may ask for.

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// `POST /runs`
    IssueRun,
    /// `POST /scores`
    SubmitScore,
    /// `PATCH` and `DELETE` of datasets
    ChangeDataset,
}

impl Action {
    /// Its name in a store.
    pub fn as_str(self) -> &'static str {
        match self {
            Action::IssueRun => "run",
            Action::SubmitScore => "score",
            Action::ChangeDataset => "dataset",
        }
    }
}

/// Requests that one player may send in one minute of the clock.
#[derive(Debug, Clone, Copy)]
pub struct ServiceLimits {
    /// Runs. The shortest run and the way back to the next one take over a second.
    pub runs_per_minute: u32,
    /// Scores: each costs a replay.
    pub scores_per_minute: u32,
    /// Changes of datasets.
    pub dataset_changes_per_minute: u32,
}

impl Default for ServiceLimits {
    fn default() -> Self {
        ServiceLimits { runs_per_minute: 60, scores_per_minute: 60, dataset_changes_per_minute: 120 }
    }
}

impl ServiceLimits {
    /// The limit of an action.
    pub fn of(&self, action: Action) -> u32 {
        match action {
            Action::IssueRun => self.runs_per_minute,
            Action::SubmitScore => self.scores_per_minute,
            Action::ChangeDataset => self.dataset_changes_per_minute,
        }
    }
}
