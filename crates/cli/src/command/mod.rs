//! One file for each command: its options, and what it does.

mod init;
mod publish;
mod releases;
mod repair;
mod rollback;
mod serve;
mod status;
mod update;
mod verify;

use clap::Subcommand;
use naru_protocol::Channel;

use crate::context::Context;
use crate::failure::Failure;

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a commented naru.toml
    Init(init::Options),
    /// Publish a build folder as a new release
    Publish(publish::Options),
    /// List the releases, newest first
    Releases(releases::Options),
    /// Publish the content of an earlier release again, under a new number
    Rollback(rollback::Options),
    /// Install the game, or update it to the newest release
    Update(update::Options),
    /// Check every installed file against the release
    Verify(verify::Options),
    /// Repair damaged files
    Repair(repair::Options),
    /// Show what is installed, without contacting a server
    Status(status::Options),
    /// Run an S3 store, an edge and an identity service on this machine
    Serve(serve::Options),
}

impl Command {
    /// The install folder and the channel that it was given, where they are not the usual ones.
    pub fn install_and_channel(&self) -> (Option<String>, Option<String>) {
        let unless_live = |channel: &Channel| (*channel != Channel::live()).then(|| channel.to_string());
        match self {
            Self::Update(options) => (options.install.clone(), options.channel.clone()),
            Self::Repair(options) => (options.install.clone(), options.channel.clone()),
            Self::Verify(options) => (options.install.clone(), None),
            Self::Status(options) => (options.install.clone(), None),
            Self::Publish(options) => (None, unless_live(&options.channel)),
            Self::Releases(options) => (None, unless_live(&options.channel)),
            Self::Rollback(options) => (None, unless_live(&options.channel)),
            Self::Init(_) | Self::Serve(_) => (None, None),
        }
    }
}

/// Runs a command to its end.
pub async fn run(command: Command, context: &Context) -> Result<(), Failure> {
    match command {
        Command::Init(options) => init::run(&options, context),
        Command::Publish(options) => publish::run(options, context).await,
        Command::Releases(options) => releases::run(options, context).await,
        Command::Rollback(options) => rollback::run(options, context).await,
        Command::Update(options) => update::run(options, context).await,
        Command::Verify(options) => verify::run(options, context).await,
        Command::Repair(options) => repair::run(options, context).await,
        Command::Status(options) => status::run(options, context),
        Command::Serve(options) => serve::run(options, context).await,
    }
}
