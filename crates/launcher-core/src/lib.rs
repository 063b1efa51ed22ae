//! The launcher without a window.
//!
//! [`Core`] is all of it: what is installed and offered, the work under way, the login, the settings,
//! the publisher's part. [`view`] is what a window shows and asks, in one shape for IPC, events and
//! tests; the page's types are generated from it. Nothing here prints, reads the environment or knows
//! who is looking: changes go to a [`Listener`].

mod action;
mod check;
mod clock;
mod core;
mod edge;
mod install;
mod jobs;
mod launcher_update;
mod log_files;
mod login;
mod outside;
mod places;
mod play;
mod problem;
mod publisher;
mod services;
mod settings;
mod state;
mod support;
mod system_variables;
pub mod view;

pub use clock::{Clock, SystemClock};
pub use core::{Core, Listener};
pub use launcher_update::{Packaged, VerifiedLauncher};
pub use log_files::LogFiles;
pub use login::{Keychain, KeychainError, LoginPage, RedirectListener, SystemKeychain};
pub use naru_brand::{BrandError, BrandFile, Endpoints, Publishing, Start};
pub use naru_patcher::{Folder, GameFileError};
pub use naru_protocol::{
    BucketName, DistributionId, Endpoint, EndpointError, HomeError, KeyPrefix, RegionName, expand_home,
};
pub use naru_store::{Network, raise_open_files};
pub use places::{Places, Surroundings};
pub use play::{GameFile, Playing};
pub use services::{GameRequest, GameResponse};
pub use settings::chosen_language;
pub use system_variables::SystemVariables;
