//! The game services: accounts, runs, scores, statistics and player data.
//!
//! [`domain`] holds the rules and does no I/O; [`ports`] says what the rules need from the world;
//! [`adapters`] are what the ports are made of; [`flows`] put both together, one for each thing
//! that can be asked; [`http`] is the one router over them. A server needs [`Services`], a
//! [`Login`], a router, and somebody who feeds the statistics:
//!
//! ```no_run
//! # use std::sync::Arc;
//! # use naru_backend::adapters::{Database, EngineLimits, QuickJs};
//! # use naru_backend::{Login, LoginPlaces, SAMPLE_GAME, Services, feed_until, http};
//! # async fn example(places: LoginPlaces) -> Result<(), Box<dyn std::error::Error>> {
//! let login = Login::open(places)?;
//! let database = Database::open("services.db".as_ref())?;
//! let game = QuickJs::load(SAMPLE_GAME, EngineLimits::default())?;
//! let services = Services::on_sqlite(&database, Arc::new(game), login.tokens);
//! let options = http::Options::default();
//! tokio::spawn(feed_until(services.clone(), options.on_fault, std::future::pending()));
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:9703").await?;
//! axum::serve(listener, http::router(services, login.accounts, options)).await?;
//! # Ok(())
//! # }
//! ```

pub mod adapters;
pub mod domain;
mod feeder;
pub mod flows;
pub mod http;
mod login;
pub mod ports;
mod services;
mod stream_consumer;

pub use feeder::feed_until;
pub use flows::Accounts;
pub use login::{Login, LoginPlaces, LoginSetupError};
pub use services::Services;
pub use stream_consumer::consume_batch;

/// The simulation module of the sample game: the file that `patch/` ships, byte for byte.
pub const SAMPLE_GAME: &str = include_str!("../../../patch/src/simulation.js");
