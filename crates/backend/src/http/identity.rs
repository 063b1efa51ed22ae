//! Who sends a request.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use naru_protocol::ProblemCode;

use super::problem::Refused;
use crate::domain::PlayerId;
use crate::services::Services;

/// The longest token. Cognito's are under 2 KiB.
const MAX_TOKEN: usize = 8 << 10;

/// The player whose token came with the request.
pub(super) struct Identity(pub(super) PlayerId);

impl FromRequestParts<Services> for Identity {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Self, Refused> {
        let token = bearer(parts)?.ok_or_else(|| {
            Refused::because(ProblemCode::NotLoggedIn, "the request needs the header Authorization: Bearer")
        })?;
        Ok(Identity(services.tokens.verify(token).await?))
    }
}

/// Without a token nobody; a bad token is refused all the same.
impl OptionalFromRequestParts<Services> for Identity {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Option<Self>, Refused> {
        match bearer(parts)? {
            None => Ok(None),
            Some(token) => Ok(Some(Identity(services.tokens.verify(token).await?))),
        }
    }
}

fn bearer(parts: &Parts) -> Result<Option<&str>, Refused> {
    let Some(header) = parts.headers.get(AUTHORIZATION) else { return Ok(None) };
    let token = header.to_str().ok().and_then(|text| {
        let (scheme, token) = text.split_once(' ')?;
        (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && token.len() <= MAX_TOKEN)
            .then_some(token)
    });
    let unreadable =
        || Refused::because(ProblemCode::NotLoggedIn, "the Authorization header is no bearer token");
    token.map(Some).ok_or_else(unreadable)
}
