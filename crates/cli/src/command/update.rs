//! `naru update`

use naru_operations::{Answer, preview_update, update, updater};
use naru_patcher::UpdatePlan;

use crate::config::Flags;
use crate::context::Context;
use crate::failure::Failure;
use crate::report::{UpdateBegun, UpdatePreview, UpdateReport};

/// Options of `naru update`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The installed game changes only after everything has been downloaded and verified. The next run
continues an interrupted update. Needs no AWS credentials.

Examples:
  naru update                                   update the install folder of naru.toml
  naru update --install game --limit-rate 2M
  naru update --dry-run                         show how much would be downloaded")]
pub struct Options {
    /// Folder where the game is installed
    #[arg(long, value_name = "DIR")]
    pub install: Option<String>,
    /// Limit the download rate, in bytes per second (such as 500K or 2M)
    #[arg(long, value_name = "RATE")]
    limit_rate: Option<String>,
    /// Channel to follow
    #[arg(long, value_name = "NAME")]
    pub channel: Option<String>,
    /// Show what would be done; write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Updates, unless the newest release is installed.
pub async fn run(options: Options, context: &Context) -> Result<(), Failure> {
    let flags = Flags::default()
        .with("update", "install", "--install", options.install)
        .with("update", "limit_rate", "--limit-rate", options.limit_rate)
        .with("update", "channel", "--channel", options.channel);
    let config = context.config(flags)?;
    let (output, tracker) = (&context.output, &context.tracker);
    let updater = updater(&context.environment, config.edge()?, config.install_folder(), tracker.clone())?;
    if options.dry_run {
        let plan = preview_update(&updater, tracker).await?;
        return output.plan("update", &UpdatePreview(&plan));
    }
    let begin = async |plan: &UpdatePlan| {
        output.announce("update", &UpdateBegun(plan))?;
        Ok::<_, Failure>(Answer::Proceed)
    };
    match update(&updater, tracker, begin).await? {
        Some(outcome) => output.result("update", &UpdateReport(&outcome)),
        None => Ok(()),
    }
}
