//! `naru publish`

use std::path::PathBuf;

use naru_operations::{Answer, publish, publisher, release_log};
use naru_patcher::{PublishOptions, PublishPlan};
use naru_protocol::Channel;

use crate::config::Flags;
use crate::confirm::{ask, check_can_ask};
use crate::context::Context;
use crate::failure::Failure;
use crate::language::{Words, words};
use crate::release_notes;
use crate::report::{PublishBegun, PublishPreview, PublishReport, publish_question};

/// Options of `naru publish`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Uploads only what differs from the live release. Players see the new release once it is complete,
never part of it. A build that is already live makes no new release (exit code 0).
To exclude files, list them in BUILD_DIR/.naruignore, in the syntax of .gitignore.
For notes in two languages, put a line with only `[en]` or `[ko]` above each part:
  [en]
  - A new cave in the north.

  [ko]
  - (the same in Korean)

Examples:
  naru publish patch --dry-run                  show what would be published
  naru publish patch --notes notes.md           ask before uploading
  naru publish patch --yes --json               publish in CI
  naru publish patch --channel beta --yes
  naru publish patch --check --dry-run          check that the bucket has all of the live release")]
pub struct Options {
    /// Folder to publish
    build_dir: PathBuf,
    /// Show what would be published; write nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not prompt
    #[arg(long, short)]
    yes: bool,
    /// Read every object of the live release back, and upload damaged ones again
    #[arg(long)]
    check: bool,
    /// Text file with the release notes (at most 6 KiB)
    #[arg(long, value_name = "FILE")]
    notes: Option<PathBuf>,
    /// Channel to publish on
    #[arg(long, value_name = "NAME", default_value = "live")]
    pub channel: Channel,
}

/// Publishes, unless nothing has changed.
pub async fn run(options: Options, context: &Context) -> Result<(), Failure> {
    if !options.dry_run {
        check_can_ask(context, options.yes, without_question())?;
    }
    let config = context.config(Flags::default())?;
    let wanted = PublishOptions {
        build: context.path(&options.build_dir)?,
        notes: release_notes::read(context, options.notes.as_deref())?,
        preserve: config.preserve.clone(),
        config: config.config_globs.clone(),
        uploads: config.uploads,
        check: options.check,
    };
    let (output, tracker) = (&context.output, &context.tracker);
    let bucket = config.bucket(options.channel.clone())?;
    let log = release_log(&context.environment, bucket, tracker.clone()).await?;
    context.warn_without_distribution(&config);
    let publisher = publisher(&context.environment, log, wanted);
    let confirm = async |plan: &PublishPlan| confirm(&options, context, plan).await;
    match publish(&publisher, tracker, confirm).await? {
        Some(outcome) => output.result("publish", &PublishReport(&outcome)),
        None => Ok(()),
    }
}

/// Shows the plan, and asks before anything is sent.
async fn confirm(options: &Options, context: &Context, plan: &PublishPlan) -> Result<Answer, Failure> {
    let preview = PublishPreview { plan, channel: &options.channel };
    if options.dry_run {
        context.output.plan("publish", &preview)?;
        warn_of_dropped(context, plan);
        return Ok(Answer::Stop);
    }
    context.output.announce("publish", &PublishBegun(preview))?;
    warn_of_dropped(context, plan);
    if !plan.is_empty() && !options.yes {
        ask(publish_question(context.output.language, plan, &options.channel)).await?;
    }
    Ok(Answer::Proceed)
}

/// Dropping a pattern is easily done by publishing from a folder without the naru.toml, and costs
/// players what it kept.
fn warn_of_dropped(context: &Context, plan: &PublishPlan) {
    if plan.dropped_patterns.is_empty() {
        return;
    }
    let patterns = plan.dropped_patterns.join(", ");
    let words = words!(
        "the live release protects players' files that match {patterns}, but this one does not: they will be replaced or removed",
        "현재 릴리스는 {patterns}에 해당하는 플레이어 파일을 보존하지만 이 릴리스는 보존하지 않습니다. 그 파일은 바뀌거나 지워집니다"
    );
    context.watcher.warn_about("dropped-patterns", None, &words);
}

fn without_question() -> Words {
    words!(
        "add --yes to publish without a prompt, or --dry-run to preview",
        "묻지 않고 배포하려면 --yes를, 미리 보려면 --dry-run을 붙이십시오"
    )
}
