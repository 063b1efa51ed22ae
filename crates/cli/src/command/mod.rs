//! One file for each command: its options, and what it does.

pub mod init;
pub mod publish;
pub mod releases;
pub mod repair;
pub mod rollback;
pub mod serve;
pub mod status;
pub mod update;
pub mod verify;

use crate::args::Command;
use crate::context::Context;
use crate::failure::Failure;

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
