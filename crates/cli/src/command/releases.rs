//! `naru releases`

use naru_operations::{release_log, releases};
use naru_protocol::Channel;

use crate::config::Flags;
use crate::context::Context;
use crate::failure::Failure;
use crate::report::ReleasesReport;

/// Options of `naru releases`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  naru releases
  naru releases --channel beta --json")]
pub struct Options {
    /// Channel to list
    #[arg(long, value_name = "NAME", default_value = "live")]
    pub channel: Channel,
}

/// Lists the releases.
pub async fn run(options: Options, context: &Context) -> Result<(), Failure> {
    context.tracker.only_reads();
    let config = context.config(Flags::default())?;
    let (tracker, bucket) = (&context.tracker, config.bucket(options.channel)?);
    let log = release_log(&context.environment, bucket, tracker.clone()).await?;
    let releases = releases(&log, tracker).await?;
    context.output.result("releases", &ReleasesReport(&releases))
}
