//! Whose requests are counted together.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;

use super::identity::Identity;
use crate::domain::Requester;

/// Where a request came from, as the host of the router knows it: the host puts it into the request's
/// extensions. A header is never believed, since a client can write any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// The address that a request came from.
pub(super) struct From(pub(super) Requester);

impl<S: Send + Sync> FromRequestParts<S> for From {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let told = parts.extensions.get::<ClientAddress>().map(|ClientAddress(address)| *address);
        let socket = || parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|it| it.0.ip());
        Ok(From(Requester::Address(told.or_else(socket))))
    }
}

/// The player, or the address of a client that is not logged in.
pub(super) fn requester(identity: Option<&Identity>, From(address): From) -> Requester {
    match identity {
        Some(Identity(player)) => Requester::Player(player.clone()),
        None => address,
    }
}
