//! The rules of the services. Nothing here does I/O.

pub mod accounts;
mod player;

pub use player::{PlayerId, PlayerIdError};
