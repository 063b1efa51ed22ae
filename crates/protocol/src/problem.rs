//! The body of every refusal of the services: problem details for HTTP APIs (RFC 9457).

use serde::{Deserialize, Serialize};

use crate::datasets::Record;

/// The media type of a [`Problem`].
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// `urn:naru:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// One line, the same for every problem of this code.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What a program tells cases apart by.
    pub code: ProblemCode,
    /// What happened this time, for a log or a developer.
    pub detail: String,
    /// Of `rate-limited` and `busy`: when to try again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_seconds: Option<u32>,
    /// Of `dataset-conflict`: what the service holds for each key whose sync count did not match.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Record>,
}

/// The kinds of refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ProblemCode {
    /// The body, a path part or a query value is not what the route takes.
    BadRequest,
    /// No token, or one that is not valid (any more).
    NotLoggedIn,
    /// No such route.
    NotFound,
    /// The route has no such method.
    MethodNotAllowed,
    /// The body is larger than the route takes.
    TooLarge,
    /// The body is not JSON.
    NotJson,
    /// More requests a minute than one player may send.
    RateLimited,
    /// No such run, or the run of another player.
    RunUnknown,
    /// The run was issued too long ago.
    RunExpired,
    /// Another recording was already accepted for the run.
    RunUsed,
    /// The game was played by other rules than the service's.
    RulesDiffer,
    /// The recording breaks a limit.
    RecordingInvalid,
    /// The recording stops before the run is over, or goes on after it.
    RecordingMismatch,
    /// The run was played in less time than its frames take.
    TooFast,
    /// The name of a dataset, a key or a value breaks a limit; or there are too many.
    DatasetLimit,
    /// Somebody else changed the same records: nothing was changed.
    DatasetConflict,
    /// The nickname can't be shown to others.
    NicknameRefused,
    /// There is no login provider of that name.
    UnknownProvider,
    /// The provider does not accept the login's code, its verifier or its address.
    CodeRefused,
    /// The ID token of the provider does not count.
    IdTokenRefused,
    /// The provider does not accept the access token.
    TokenRefused,
    /// The provider does not accept the refresh token: the player has to log in again.
    RefreshRefused,
    /// The access token was given to another app.
    WrongApp,
    /// The access token was given to another player.
    WrongPlayer,
    /// The provider does not accept this service: a setting of the service is wrong.
    AppRefused,
    /// The provider gave no ID token: a setting of the service is wrong.
    NoIdToken,
    /// The provider gives no answer, or none that counts.
    ProviderDown,
    /// The provider takes too long.
    ProviderSlow,
    /// Cognito gives no identity.
    NoIdentity,
    /// The service has more to do than it can.
    Busy,
    /// A fault of the service itself.
    Internal,
}

impl ProblemCode {
    /// The code as it stands in JSON.
    pub fn as_str(self) -> &'static str {
        self.row().0
    }

    /// The HTTP status that goes with it.
    pub fn status(self) -> u16 {
        self.row().1
    }

    /// The line that says it to a person.
    pub fn title(self) -> &'static str {
        self.row().2
    }

    /// The one table of code, status and words.
    fn row(self) -> (&'static str, u16, &'static str) {
        match self {
            Self::BadRequest => ("bad-request", 400, "The request can't be read"),
            Self::NotLoggedIn => ("not-logged-in", 401, "Log in first"),
            Self::NotFound => ("not-found", 404, "There is nothing here"),
            Self::MethodNotAllowed => ("method-not-allowed", 405, "The route has no such method"),
            Self::TooLarge => ("too-large", 413, "The request is too large"),
            Self::NotJson => ("not-json", 415, "The body must be JSON"),
            Self::RateLimited => ("rate-limited", 429, "Too many requests"),
            Self::RunUnknown => ("run-unknown", 404, "There is no such run of yours"),
            Self::RunExpired => ("run-expired", 410, "The run was started too long ago"),
            Self::RunUsed => ("run-used", 409, "The run already has its score"),
            Self::RulesDiffer => ("rules-differ", 409, "The game has other rules than the service"),
            Self::RecordingInvalid => ("recording-invalid", 422, "The recording breaks a limit"),
            Self::RecordingMismatch => ("recording-mismatch", 422, "The recording is not one whole run"),
            Self::TooFast => ("too-fast", 422, "The run took less time than it lasts"),
            Self::DatasetLimit => ("dataset-limit", 422, "The dataset breaks a limit"),
            Self::DatasetConflict => ("dataset-conflict", 409, "The records were changed elsewhere"),
            Self::NicknameRefused => ("nickname-refused", 422, "The nickname can't be used"),
            Self::UnknownProvider => ("unknown-provider", 404, "There is no such login provider here"),
            Self::CodeRefused => ("code-refused", 401, "The provider does not accept this login"),
            Self::IdTokenRefused => ("id-token-refused", 401, "The provider's token does not count"),
            Self::TokenRefused => ("token-refused", 401, "The provider refused the access token"),
            Self::RefreshRefused => ("refresh-refused", 401, "The login can't be refreshed"),
            Self::WrongApp => ("wrong-app", 401, "The access token belongs to another app"),
            Self::WrongPlayer => ("wrong-player", 401, "The access token belongs to another player"),
            Self::AppRefused => ("app-refused", 502, "The provider does not accept this service"),
            Self::NoIdToken => ("no-id-token", 502, "The provider gave no ID token"),
            Self::ProviderDown => ("provider-down", 502, "The provider gives no answer that counts"),
            Self::ProviderSlow => ("provider-slow", 504, "The provider takes too long"),
            Self::NoIdentity => ("no-identity", 502, "The identity service gives no identity"),
            Self::Busy => ("busy", 503, "The service is busy"),
            Self::Internal => ("internal", 500, "The service failed"),
        }
    }
}

impl Problem {
    /// A problem of this code.
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Problem {
            kind: format!("urn:naru:problem:{}", code.as_str()),
            title: code.title().to_owned(),
            status: code.status(),
            code,
            detail: detail.into(),
            retry_after_seconds: None,
            conflicts: Vec::new(),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const ALL: [ProblemCode; 31] = [
        ProblemCode::BadRequest,
        ProblemCode::NotLoggedIn,
        ProblemCode::NotFound,
        ProblemCode::MethodNotAllowed,
        ProblemCode::TooLarge,
        ProblemCode::NotJson,
        ProblemCode::RateLimited,
        ProblemCode::RunUnknown,
        ProblemCode::RunExpired,
        ProblemCode::RunUsed,
        ProblemCode::RulesDiffer,
        ProblemCode::RecordingInvalid,
        ProblemCode::RecordingMismatch,
        ProblemCode::TooFast,
        ProblemCode::DatasetLimit,
        ProblemCode::DatasetConflict,
        ProblemCode::NicknameRefused,
        ProblemCode::UnknownProvider,
        ProblemCode::CodeRefused,
        ProblemCode::IdTokenRefused,
        ProblemCode::TokenRefused,
        ProblemCode::RefreshRefused,
        ProblemCode::WrongApp,
        ProblemCode::WrongPlayer,
        ProblemCode::AppRefused,
        ProblemCode::NoIdToken,
        ProblemCode::ProviderDown,
        ProblemCode::ProviderSlow,
        ProblemCode::NoIdentity,
        ProblemCode::Busy,
        ProblemCode::Internal,
    ];

    /// Serde knows all of them, and says so to whoever names another one.
    fn names_of_serde() -> Vec<String> {
        let error = serde_json::from_str::<ProblemCode>("\"\"").unwrap_err().to_string();
        error.split('`').skip(3).step_by(2).map(str::to_owned).collect()
    }

    #[test]
    fn each_code_has_one_name_in_its_table_and_in_json() {
        let names = ALL.map(ProblemCode::as_str);
        assert_eq!(names.as_slice(), names_of_serde(), "or the list here lacks one");
        for code in ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
            let read: ProblemCode = serde_json::from_value(code.as_str().into()).unwrap();
            assert_eq!(read, code);
        }
    }

    #[test]
    fn no_two_codes_have_the_same_words_and_each_is_a_refusal() {
        let names: std::collections::BTreeSet<_> = ALL.map(ProblemCode::as_str).into();
        let titles: std::collections::BTreeSet<_> = ALL.map(ProblemCode::title).into();
        assert_eq!((names.len(), titles.len()), (ALL.len(), ALL.len()));
        for code in ALL {
            assert!((400..600).contains(&code.status()), "{code:?}");
        }
    }
}
