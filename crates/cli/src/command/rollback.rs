//! `naru rollback`

use std::path::PathBuf;

use naru_operations::{Answer, release_log, roll_back};
use naru_patcher::RollbackPlan;
use naru_protocol::Channel;

use crate::config::Flags;
use crate::confirm::{ask, check_can_ask};
use crate::context::Context;
use crate::failure::Failure;
use crate::language::{Words, words};
use crate::release_notes;
use crate::report::{RollbackBegun, RollbackPreview, RollbackReport, rollback_question};

/// Options of `naru rollback`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The old content gets a new number, so that every client follows. Nothing is uploaded again.

Examples:
  naru releases                                 show the release numbers
  naru rollback 41 --dry-run                    check whether it is possible, and show the result
  naru rollback 41                              ask, then publish the content of release 41
  naru rollback 41 --yes --json                 roll back in CI")]
pub struct Options {
    /// Number of the release to go back to
    number: u64,
    /// Show what would be published; write nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not prompt
    #[arg(long, short)]
    yes: bool,
    /// Text file with the release notes (at most 6 KiB) [default: those of the old release]
    #[arg(long, value_name = "FILE")]
    notes: Option<PathBuf>,
    /// Channel of the release
    #[arg(long, value_name = "NAME", default_value = "live")]
    pub channel: Channel,
}

/// Publishes an earlier release's content again, unless players get it already.
pub async fn run(options: Options, context: &Context) -> Result<(), Failure> {
    if !options.dry_run {
        check_can_ask(context, options.yes, without_question())?;
    }
    let config = context.config(Flags::default())?;
    let notes = release_notes::read(context, options.notes.as_deref())?;
    let (output, tracker) = (&context.output, &context.tracker);
    let bucket = config.bucket(options.channel.clone())?;
    let log = release_log(&context.environment, bucket, tracker.clone()).await?;
    context.warn_without_distribution(&config);
    let confirm = async |plan: &RollbackPlan| confirm(&options, context, plan).await;
    match roll_back(&log, tracker, (options.number, &notes), confirm).await? {
        Some(outcome) => {
            output.result("rollback", &RollbackReport { wanted: options.number, outcome: &outcome })
        }
        None => Ok(()),
    }
}

/// Shows the plan, and asks before the release is made.
async fn confirm(options: &Options, context: &Context, plan: &RollbackPlan) -> Result<Answer, Failure> {
    let preview = RollbackPreview { plan, channel: &options.channel };
    if options.dry_run {
        context.output.plan("rollback", &preview)?;
        return Ok(Answer::Stop);
    }
    context.output.announce("rollback", &RollbackBegun(preview))?;
    if !plan.is_empty() && !options.yes {
        ask(rollback_question(context.output.language, plan, &options.channel)).await?;
    }
    Ok(Answer::Proceed)
}

fn without_question() -> Words {
    words!(
        "add --yes to roll back without a prompt, or --dry-run to preview; `naru releases` lists the releases",
        "묻지 않고 되돌리려면 --yes를, 미리 보려면 --dry-run을 붙이십시오. 릴리스 목록은 `naru releases`로 볼 수 있습니다"
    )
}
