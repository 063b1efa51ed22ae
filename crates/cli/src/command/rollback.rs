//! `naru rollback`

use std::path::PathBuf;

use naru_patcher::{Published, RollbackPlan};
use naru_protocol::Channel;
use serde_json::json;

use crate::config::Flags;
use crate::confirm::{ask, check_can_ask};
use crate::context::Context;
use crate::endpoints::release_log;
use crate::failure::Failure;
use crate::language::{Language, Words, say, with_direction, with_particle, words};
use crate::quantity::{bytes, files};
use crate::release_notes;

/// Options of `naru rollback`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The old content gets a new number, so that every client follows, and no byte is uploaded again.

Examples:
  naru releases                                 which numbers there are
  naru rollback 41 --dry-run                    whether that can be done, and what it would be
  naru rollback 41                              asks, then publishes the content of release 41
  naru rollback 41 --yes --json                 in CI")]
pub struct Options {
    /// The release whose content is wanted
    number: u64,
    /// Show what would be published, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
    /// A text file that says what is new (at most 6 KiB); without it, the old release's notes
    #[arg(long, value_name = "FILE")]
    notes: Option<PathBuf>,
    /// The line of releases
    #[arg(long, value_name = "NAME", default_value = "live")]
    pub channel: Channel,
}

/// Publishes an earlier release's content again, unless players get it already.
pub async fn run(options: Options, context: &Context) -> Result<(), Failure> {
    if !options.dry_run {
        check_can_ask(context, options.yes, without_question())?;
    }
    let config = context.config(Flags::default())?;
    let channel = options.channel;
    let notes = release_notes::read(context, options.notes.as_deref())?;
    let log = release_log(context, &config, channel.clone()).await?;
    let plan = log.plan_rollback(options.number, &notes).await?;
    show_plan(context, &plan, &channel, options.dry_run)?;
    if options.dry_run {
        return Ok(());
    }
    if plan.is_empty() {
        let live = log.roll_back(plan).await?;
        context.done();
        return show_live_already(context, &live);
    }
    if !options.yes {
        ask(question(context.language(), &plan, &channel)).await?;
    }
    context.begin_release();
    let published = log.roll_back(plan).await?;
    context.done();
    show_published(context, options.number, &published, &channel)
}

fn without_question() -> Words {
    words!(
        "add --yes to roll back without a question, or --dry-run to see what would happen; `naru releases` shows what there is",
        "묻지 않고 되돌리려면 --yes를, 미리 보려면 --dry-run을 붙이십시오. 어떤 릴리스가 있는지는 `naru releases`로 볼 수 있습니다"
    )
}

/// The plan is the result of a dry run; before a rollback the question says it.
fn show_plan(
    context: &Context,
    plan: &RollbackPlan,
    channel: &Channel,
    is_result: bool,
) -> Result<(), Failure> {
    let output = &context.output;
    if output.json {
        let mut body = json!(plan);
        body["channel"] = json!(channel);
        return output.json_line("plan", "rollback", &body);
    }
    if !is_result {
        return Ok(());
    }
    if plan.is_empty() {
        return output.print(&live_already(context.language(), plan.live.unwrap_or_default()));
    }
    output.print(&plan_line(context.language(), plan))?;
    release_notes::shown(context.language(), &plan.notes).iter().try_for_each(|line| output.print(line))
}

fn plan_line(language: Language, plan: &RollbackPlan) -> String {
    let RollbackPlan { number, next, .. } = plan;
    let (all, size, release) = (files(language, plan.files), bytes(plan.bytes), with_direction(*next));
    say!(
        language,
        "Would publish the content of release {number} as release {next}: {all}, {size}; nothing to upload",
        "릴리스 {number}의 내용을 릴리스 {release} 배포하게 됩니다: 전체 {all} {size}, 업로드 없음"
    )
}

fn question(language: Language, plan: &RollbackPlan, channel: &Channel) -> String {
    let RollbackPlan { number, next, .. } = plan;
    let release = with_direction(*next);
    say!(
        language,
        "Publish the content of release {number} to all players of channel {channel}, as release {next}?",
        "릴리스 {number}의 내용을 릴리스 {release} {channel} 채널의 모든 플레이어에게 배포할까요?"
    )
}

fn show_live_already(context: &Context, live: &Published) -> Result<(), Failure> {
    let Published { number, files, bytes, .. } = *live;
    if context.output.json {
        let body = json!({"published": false, "number": number, "files": files, "bytes": bytes});
        return context.output.json_line("result", "rollback", &body);
    }
    context.output.print(&live_already(context.language(), number))
}

fn live_already(language: Language, number: u64) -> String {
    let release = with_particle(number, "은", "는");
    say!(
        language,
        "Release {number} already has this content and is live. No new release was made.",
        "현재 릴리스 {release} 이미 이 내용입니다. 새 릴리스는 만들지 않았습니다."
    )
}

fn show_published(
    context: &Context,
    wanted: u64,
    published: &Published,
    channel: &Channel,
) -> Result<(), Failure> {
    if context.output.json {
        let mut body = json!(published);
        body["published"] = true.into();
        body["channel"] = json!(channel);
        return context.output.json_line("result", "rollback", &body);
    }
    let number = published.number;
    let release = with_particle(number, "이", "가");
    context.output.print(&say!(
        context.language(),
        "Release {number} is live: the content of release {wanted}.",
        "릴리스 {release} 배포되었습니다: 릴리스 {wanted}의 내용입니다."
    ))
}
