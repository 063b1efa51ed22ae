//! `naru repair`

use naru_operations::{repair, updater};

use crate::config::Flags;
use crate::context::Context;
use crate::failure::Failure;
use crate::report::RepairReport;

/// Options of `naru repair`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Reads every installed byte and downloads only the damaged pieces of the installed release.

Examples:
  naru repair
  naru repair --install game --json")]
pub struct Options {
    /// Folder where the game is installed
    #[arg(long, value_name = "DIR")]
    pub install: Option<String>,
    /// Limit the download rate, in bytes per second (such as 500K or 2M)
    #[arg(long, value_name = "RATE")]
    limit_rate: Option<String>,
    /// Channel whose newest release to compare with, if the installation record is damaged
    #[arg(long, value_name = "NAME")]
    pub channel: Option<String>,
}

/// Repairs the installed files.
pub async fn run(options: Options, context: &Context) -> Result<(), Failure> {
    let flags = Flags::default()
        .with("update", "install", "--install", options.install)
        .with("update", "limit_rate", "--limit-rate", options.limit_rate)
        .with("update", "channel", "--channel", options.channel);
    let config = context.config(flags)?;
    let tracker = &context.tracker;
    let updater = updater(&context.environment, config.edge()?, config.install_folder(), tracker.clone())?;
    let repaired = repair(&updater, tracker).await?;
    context.output.result("repair", &RepairReport(&repaired))
}
