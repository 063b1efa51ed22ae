//! The game services: accounts, scores, statistics and player data, **a folder for each**.
//!
//! In each folder stand the service's rules, its requests, the traits of its stores, and these stores in
//! `sqlite` and `dynamodb`. [`platform`] has what all services share. A service is a struct of the stores that
//! it uses, as [`scores::Scores`]; [`Services`] is the list of them all. A server needs a [`Login`], the
//! services, their router, and the feeder of the statistics:
//!
//! ```no_run
//! # use std::sync::Arc;
//! # use naru_backend::accounts::{Login, LoginPlaces};
//! # use naru_backend::platform::{Allowances, Platform, SystemClock};
//! # use naru_backend::scores::{EngineLimits, QuickJs};
//! # use naru_backend::{Options, SAMPLE_GAME, Services, open_database};
//! # async fn example(places: LoginPlaces) -> Result<(), Box<dyn std::error::Error>> {
//! let login = Login::open(places)?;
//! let database = open_database("services.db".as_ref())?;
//! let game = Arc::new(QuickJs::load(SAMPLE_GAME, EngineLimits::default())?);
//! let clock = Arc::new(SystemClock);
//! let allowances = Allowances::new(Arc::new(database.clone()), clock.clone());
//! let platform = Platform { tokens: login.tokens, allowances, clock };
//! let services = Services::on_sqlite(&database, game, login.accounts, platform);
//! let (options, feeder) = (Options::default(), services.feeder.clone());
//! tokio::spawn(async move { feeder.feed_until(options.on_fault, std::future::pending()).await });
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:9703").await?;
//! axum::serve(listener, services.router(options)).await?;
//! # Ok(())
//! # }
//! ```
//!
//! [`Login`]: accounts::Login

pub mod accounts;
pub mod platform;
pub mod player_data;
pub mod scores;
mod services;
pub mod statistics;

pub use services::{Options, Services, open_database};

/// The simulation module of the sample game: the file that `patch/` ships, byte for byte.
pub const SAMPLE_GAME: &str = include_str!("../../../patch/src/simulation.js");
