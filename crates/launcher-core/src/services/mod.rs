//! The game services, asked over HTTP.

mod client;
mod game;
mod news;
mod scores;

pub(crate) use client::{Services, client_for};
pub use game::{GameRequest, GameResponse};
pub(crate) use reqwest::Method;
