//! Who sends a request.

use axum::extract::{FromRef, FromRequestParts, OptionalFromRequestParts};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use naru_protocol::ProblemCode;

use super::ProblemResponse;
use crate::platform::{Platform, PlayerId};

/// The longest token. Cognito's are under 2 KiB, and checking the signature of a megabyte would be wasteful.
const MAX_TOKEN: usize = 8 << 10;

/// The player whose token came with the request. A handler that takes one is reached only with a valid token.
pub(crate) struct Identity(pub(crate) PlayerId);

impl<S: Send + Sync> FromRequestParts<S> for Identity
where
    Platform: FromRef<S>,
{
    type Rejection = ProblemResponse;

    async fn from_request_parts(parts: &mut Parts, service: &S) -> Result<Self, ProblemResponse> {
        let token = bearer(parts)?.ok_or_else(|| {
            ProblemResponse::new(
                ProblemCode::NotLoggedIn,
                "the request needs the header Authorization: Bearer",
            )
        })?;
        Ok(Identity(Platform::from_ref(service).tokens.verify(token).await?))
    }
}

/// `None` without a token; a bad token is still refused.
impl<S: Send + Sync> OptionalFromRequestParts<S> for Identity
where
    Platform: FromRef<S>,
{
    type Rejection = ProblemResponse;

    async fn from_request_parts(parts: &mut Parts, service: &S) -> Result<Option<Self>, ProblemResponse> {
        match bearer(parts)? {
            None => Ok(None),
            Some(token) => Ok(Some(Identity(Platform::from_ref(service).tokens.verify(token).await?))),
        }
    }
}

fn bearer(parts: &Parts) -> Result<Option<&str>, ProblemResponse> {
    let Some(header) = parts.headers.get(AUTHORIZATION) else { return Ok(None) };
    let token = header.to_str().ok().and_then(|text| {
        let (scheme, token) = text.split_once(' ')?;
        (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && token.len() <= MAX_TOKEN)
            .then_some(token)
    });
    let unreadable =
        || ProblemResponse::new(ProblemCode::NotLoggedIn, "the Authorization header is no bearer token");
    token.map(Some).ok_or_else(unreadable)
}
