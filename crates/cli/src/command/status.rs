//! `naru status`

use naru_operations::status;

use crate::config::Flags;
use crate::context::Context;
use crate::failure::Failure;
use crate::report::StatusReport;

/// Options of `naru status`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Reads only the installation record: contacts no server and checks no file.

Examples:
  naru status
  naru status --install game --json")]
pub struct Options {
    /// Folder where the game is installed
    #[arg(long, value_name = "DIR")]
    pub install: Option<String>,
}

/// Says what is installed.
pub fn run(options: Options, context: &Context) -> Result<(), Failure> {
    context.tracker.only_reads();
    let flags = Flags::default().with("update", "install", "--install", options.install);
    let config = context.config(flags)?;
    let status = &status(&config.install_folder(), &context.tracker)?;
    let (install, flags) = (&config.install, &context.flags);
    context.output.result("status", &StatusReport { install, status, flags })
}
