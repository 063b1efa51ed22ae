//! The embedded default: the part of AWS that Naru needs, in one process on loopback.
//!
//! Five listeners: an S3 endpoint that keeps versions, an edge that caches as the CloudFront
//! distribution of 2017 does, the CloudFront and Cognito APIs, a stand-in for Kakao's login, and the
//! game services with their login, which are those of production on SQLite. Everything is in one data
//! folder and survives a restart and a kill. There are two principals: the publisher, with keys that
//! are made for the data folder, and players, with temporary keys that Cognito hands out and that give
//! no right on the bucket. Production code reaches it through the same SDKs and URLs as AWS.
//!
//! No web page can use it: each listener has a guard of `naru_loopback` in front.
//!
//! ```no_run
//! # async fn example() -> Result<(), naru_local_cloud::StartError> {
//! use naru_local_cloud::{Config, LocalCloud};
//!
//! let cloud = LocalCloud::start(Config::new("/tmp/naru-cloud")).await?;
//! println!("{} {}", cloud.endpoints().s3_url, cloud.endpoints().edge_url);
//! cloud.stop().await;
//! # Ok(())
//! # }
//! ```

mod blobs;
mod checksum;
mod clock;
mod cloud;
mod config;
mod control;
mod edge;
mod error;
mod game_services;
mod index;
mod intake;
mod kakao;
mod keys;
mod names;
mod outflow;
mod principals;
mod s3;
mod sigv4;
mod storage;
mod tally;

pub use cloud::LocalCloud;
pub use config::{Config, Endpoints, KakaoApp, StudioApp};
pub use error::{StartError, StorageError};
pub use principals::Credentials;
pub use tally::Counters;
