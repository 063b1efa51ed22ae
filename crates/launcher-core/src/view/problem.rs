//! What went wrong, for a person.

use naru_protocol::ErrorCode;
use serde::Serialize;
use ts_rs::{Config, TS};

/// Something that did not work. The page has a sentence and a next step for each code, in each language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// What kind.
    pub code: ProblemCode,
    /// Particulars: paths, addresses, what was expected. May be empty.
    pub detail: String,
    /// What has become of the installed game or of the release.
    pub changed: Changed,
}

/// The kinds that only a launcher has, and the list of them.
macro_rules! problem_codes {
    ($($(#[$about:meta])* $name:ident,)*) => {
        /// The kinds of problem that the page has sentences for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum ProblemCode {
            $($(#[$about])* $name,)*
            /// A failure that the command line tells as well.
            #[serde(untagged)]
            Failure(ErrorCode),
        }

        impl ProblemCode {
            const OWN: &[Self] = &[$(Self::$name),*];
        }
    };
}

problem_codes! {
    /// The clock of this computer and the server's disagree.
    WrongClock,
    /// Other work is under way.
    JobRunning,
    /// The game runs.
    GameRunning,
    /// Nothing is installed.
    NotInstalled,
    /// The game did not start, or ended at once.
    GameFailed,
    /// The provider or the accounts service refused the login.
    LoginRefused,
    /// A login is needed, or has run out.
    NotLoggedIn,
    /// Someone asks for too much.
    RateLimited,
    /// The chosen name can't be shown to others.
    NameRefused,
    /// The chosen folder can't be used: not empty, not a folder, inside the other.
    FolderUnusable,
    /// There are no publisher's credentials.
    NoPublisher,
    /// What would be published was not compared, or has changed since.
    NotCompared,
    /// A newer launcher is not what the studio has signed.
    BadLauncher,
    /// The system did not put the newer launcher in place.
    LauncherNotInstalled,
    /// The launcher's page is not allowed to ask that.
    Forbidden,
}

impl From<ErrorCode> for ProblemCode {
    fn from(code: ErrorCode) -> Self {
        Self::Failure(match code {
            // There is no command line, and a job that was cancelled has not failed.
            ErrorCode::Usage => ErrorCode::Config,
            ErrorCode::Cancelled => ErrorCode::Internal,
            code => code,
        })
    }
}

/// The page sees one union of names.
impl TS for ProblemCode {
    type WithoutGenerics = Self;
    type OptionInnerType = Self;

    fn name(_: &Config) -> String {
        "ProblemCode".to_owned()
    }

    fn inline(_: &Config) -> String {
        let shared = ErrorCode::ALL.map(Self::Failure).into_iter();
        let shared =
            shared.filter(|code| matches!(code, Self::Failure(shared) if Self::from(*shared) == *code));
        let names =
            shared.chain(Self::OWN.iter().copied()).filter_map(|code| serde_json::to_string(&code).ok());
        names.collect::<Vec<_>>().join(" | ")
    }

    fn decl(config: &Config) -> String {
        format!("type {} = {};", Self::name(config), Self::inline(config))
    }
}

/// What a failure has left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Changed {
    /// Nothing.
    Nothing,
    /// The installed game is what it was; what has arrived is kept for the next try.
    OnlyStage,
    /// New files were being put in place; the next start finishes that first.
    Midway,
    /// Files may have reached the store; players see nothing of them.
    OnlyUploads,
    /// The release is out; what follows it failed.
    Released,
    /// Whether the release is out is not known.
    Unclear,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_reads_one_name_for_each_kind() {
        let name = |code: ProblemCode| serde_json::to_value(code).expect("a name");
        assert_eq!(name(ErrorCode::NotFound.into()), "not-found", "as the command line calls it");
        assert_eq!(name(ProblemCode::JobRunning), "job-running");
        assert_eq!(name(ErrorCode::Usage.into()), "config", "the page has no command line");
        let union = ProblemCode::inline(&Config::default());
        let names: Vec<&str> = union.split(" | ").collect();
        assert_eq!(names.len(), ErrorCode::ALL.len() - 2 + ProblemCode::OWN.len(), "{union}");
        assert!(!union.contains("usage") && !union.contains("cancelled"), "{union}");
    }
}
