//! The launcher without a window.
//!
//! [`Launcher::open`] puts it together from its features: [`Game`], [`Account`], [`Publisher`],
//! [`Settings`], [`SelfUpdate`], [`Scores`] and [`News`], each a folder of its own that gets only what
//! it works with. A feature owns a slice of the state; the cell around all slices turns changes into
//! events for a [`Listener`]. Long work goes through [`Jobs`], and one lease says who may touch the
//! install folder. [`view`] is what a window shows and asks, in one shape for IPC, events and tests; the
//! page's types are generated from it. Nothing here prints, reads the environment or knows who is
//! looking.

mod account;
mod clock;
mod engine;
mod environment;
mod game;
mod jobs;
mod launcher;
mod lease;
mod log_files;
mod news;
mod outcomes;
mod outside;
mod problem;
mod publisher;
mod recheck;
mod scores;
mod self_update;
mod services_client;
mod settings;
mod state_cell;
mod support;
mod system_variables;
pub mod view;

pub use account::{Account, Keychain, KeychainError, LoginPage, RedirectListener, SystemKeychain};
pub use clock::{Clock, SystemClock};
pub use environment::{Folders, LauncherEnvironment};
pub use game::{Game, GameFile, Playing};
pub use jobs::Jobs;
pub use launcher::{Launcher, Listener};
pub use log_files::LogFiles;
pub use naru_brand::{BrandError, BrandFile, Endpoints, Publishing, Start};
pub use naru_operations::{Environment, VariableError};
pub use naru_patcher::{Folder, GameFileError};
pub use naru_protocol::{
    BucketName, DistributionId, Endpoint, EndpointError, HomeError, KeyPrefix, RegionName,
};
pub use naru_store::raise_open_files;
pub use news::News;
pub use publisher::Publisher;
pub use scores::{GameRequest, GameResponse, Scores};
pub use self_update::{Installation, Packaged, SelfUpdate, VerifiedLauncher};
pub use settings::{Settings, chosen_language};
pub use system_variables::SystemVariables;
