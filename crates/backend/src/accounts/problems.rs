//! Logins that failed, as problems. What exactly is wrong with a token stays in the log.

use naru_protocol::ProblemCode;

use super::{IdentityError, LoginError};
use crate::platform::ProviderError;
use crate::platform::http::ProblemResponse;

impl From<LoginError> for ProblemResponse {
    fn from(error: LoginError) -> Self {
        let (code, detail) = words(&error);
        let refused = match code {
            ProblemCode::Busy => ProblemResponse::busy(detail),
            code => ProblemResponse::new(code, detail),
        };
        // A player's mistake is no fault; a provider's and a setting's are.
        if code.status() < 500 { refused } else { refused.with_fault(&error) }
    }
}

fn words(error: &LoginError) -> (ProblemCode, &'static str) {
    use ProblemCode as Code;
    const SETTING: &str = "the operator of this service has to change a setting";
    match error {
        LoginError::UnknownProvider(_) => {
            (Code::UnknownProvider, "GET /login/providers tells which there are")
        }
        LoginError::Code(_) => {
            (Code::CodeRefused, "the code was used, has expired, or is another login's: begin again")
        }
        LoginError::Refresh(_) => {
            (Code::RefreshRefused, "it has expired, was replaced or taken back: log in again")
        }
        LoginError::AccessToken(_) => (Code::TokenRefused, "it has expired or was made up: begin again"),
        LoginError::IdToken(_) => (Code::IdTokenRefused, "it is not this login's: begin again"),
        LoginError::App { .. } => (Code::WrongApp, "only tokens of this service's own app count"),
        LoginError::Player => (Code::WrongPlayer, "a player logs in for himself only"),
        LoginError::Client(_) => (Code::AppRefused, SETTING),
        LoginError::NoIdToken => (Code::NoIdToken, SETTING),
        LoginError::Provider(ProviderError::Slow { .. }) => (Code::ProviderSlow, "try again later"),
        LoginError::Provider(_) => (Code::ProviderDown, "try again later"),
        LoginError::Identity(IdentityError::Busy) => (Code::Busy, "too many players log in at once"),
        LoginError::Identity(_) => (Code::NoIdentity, "try again later"),
    }
}
