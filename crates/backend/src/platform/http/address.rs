//! Whose requests are counted together.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;

use super::Identity;
use crate::platform::Requester;

/// Where a request came from, as the host of the router knows it: the host puts it into the request's
/// extensions. A header is never trusted, because a client can send any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// The sender of a request, counted by the address that it came from.
pub(crate) struct ByAddress(pub(crate) Requester);

impl<S: Send + Sync> FromRequestParts<S> for ByAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let told = parts.extensions.get::<ClientAddress>().map(|ClientAddress(address)| *address);
        let socket = || parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|it| it.0.ip());
        Ok(ByAddress(Requester::Address(told.or_else(socket))))
    }
}

/// The player, or the address of a client that is not logged in.
pub(crate) fn requester(identity: Option<&Identity>, ByAddress(address): ByAddress) -> Requester {
    match identity {
        Some(Identity(player)) => player.into(),
        None => address,
    }
}
