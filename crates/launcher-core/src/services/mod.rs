//! The game services, asked over HTTP.

mod client;
mod game;
mod news;
mod scores;

pub(crate) use client::Services;
pub use game::{GameRequest, GameResponse};
pub(crate) use reqwest::Method;
