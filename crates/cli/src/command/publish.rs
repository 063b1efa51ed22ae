//! `naru publish`

use std::path::PathBuf;

use naru_patcher::{Change, ChangeKind, PublishPlan, Published};
use naru_protocol::Channel;
use serde_json::json;

use crate::columns::left;
use crate::config::Flags;
use crate::confirm::{ask, check_can_ask};
use crate::context::Context;
use crate::endpoints::{publish_options, publisher};
use crate::failure::Failure;
use crate::language::{Language, Words, say, with_particle, words};
use crate::quantity::{bytes, files};
use crate::release_notes;

/// Options of `naru publish`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Only what differs from the live release is uploaded. Players see the new release at once when it
is complete, never a part of it. A build that is already live makes no new release (exit code 0).
Files that must not be published are named in BUILD_DIR/.naruignore, in the syntax of .gitignore.
Notes in two languages have a line `[en]` or `[ko]`, alone, above each part; a player sees his own:
  [en]
  - A new cave in the north.

  [ko]
  - (the same in Korean)

Examples:
  naru publish patch --dry-run                  what would be published
  naru publish patch --notes notes.md           asks before anything is uploaded
  naru publish patch --yes --json               in CI
  naru publish patch --channel beta --yes
  naru publish patch --check --dry-run          whether the bucket still has all of the live release")]
pub struct Options {
    /// The folder to publish
    build_dir: PathBuf,
    /// Show what would be published, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
    /// Read every object of the live release back, and send again what is damaged
    #[arg(long)]
    check: bool,
    /// A text file that says what is new (at most 6 KiB)
    #[arg(long, value_name = "FILE")]
    notes: Option<PathBuf>,
    /// The line of releases to publish on
    #[arg(long, value_name = "NAME", default_value = "live")]
    pub channel: Channel,
}

/// Publishes, unless nothing has changed.
pub async fn run(options: Options, context: &Context) -> Result<(), Failure> {
    if !options.dry_run {
        check_can_ask(context, options.yes, without_question())?;
    }
    let config = context.config(Flags::default())?;
    let build = context.world.path(&options.build_dir)?;
    let channel = options.channel;
    let mut wanted = publish_options(&config, &build);
    wanted.notes = release_notes::read(context, options.notes.as_deref())?;
    wanted.check = options.check;
    let publisher = publisher(context, &config, channel.clone(), wanted).await?;

    let plan = publisher.plan().await?;
    show_plan(context, &plan, &channel, options.dry_run)?;
    warn_of_dropped(context, &plan);
    if options.dry_run {
        return Ok(());
    }
    if plan.is_empty() {
        let live = publisher.publish(plan).await?;
        context.done();
        return nothing_changed(context, &live);
    }
    if !options.yes {
        ask(question(context.language(), &plan, &channel)).await?;
    }
    context.begin_release();
    let published = publisher.publish(plan).await?;
    context.done();
    show_published(context, &published, &channel)
}

/// Dropping a pattern is easily done by publishing from a folder without the naru.toml, and costs
/// players what it kept.
fn warn_of_dropped(context: &Context, plan: &PublishPlan) {
    if plan.dropped_patterns.is_empty() {
        return;
    }
    let patterns = plan.dropped_patterns.join(", ");
    let sentence = say!(
        context.language(),
        "the live release keeps {patterns} for players, this one no longer does: their files there will be replaced or removed",
        "현재 릴리스는 {patterns}에 해당하는 플레이어 파일을 지키지만 이 릴리스는 지키지 않습니다. 그 파일은 새 파일로 바뀌거나 지워집니다"
    );
    context.watcher.warn_about("dropped-patterns", None, &sentence);
}

fn without_question() -> Words {
    words!(
        "add --yes to publish without a question, or --dry-run to see what would happen",
        "묻지 않고 배포하려면 --yes를, 미리 보려면 --dry-run을 붙이십시오"
    )
}

fn question(language: Language, plan: &PublishPlan, channel: &Channel) -> String {
    let (next, size) = (plan.next, bytes(plan.upload_bytes));
    let release = with_particle(next, "을", "를");
    say!(
        language,
        "Upload {size} and publish release {next} to all players of channel {channel}?",
        "{size}를 업로드하고 릴리스 {release} {channel} 채널의 모든 플레이어에게 배포할까요?"
    )
}

/// The plan is the result of a dry run, and a remark before a publish.
fn show_plan(
    context: &Context,
    plan: &PublishPlan,
    channel: &Channel,
    is_result: bool,
) -> Result<(), Failure> {
    let output = &context.output;
    if output.json {
        let mut body = json!(plan);
        body["channel"] = json!(channel);
        return output.json_line("plan", "publish", &body);
    }
    for line in plan_lines(context.language(), plan, is_result) {
        if is_result {
            output.print(&line)?;
        } else if !plan.is_empty() {
            output.remark(&line);
        }
    }
    Ok(())
}

/// How many changed files are listed before a publish; a dry run lists all.
const LISTED: usize = 30;

fn plan_lines(language: Language, plan: &PublishPlan, all: bool) -> Vec<String> {
    let shown = if all { plan.changes.len() } else { plan.changes.len().min(LISTED) };
    let mut lines: Vec<String> =
        plan.changes[..shown].iter().map(|change| change_line(language, change)).collect();
    let more = plan.changes.len() - shown;
    if more > 0 {
        lines.push(say!(language, "… and {more} more", "… 그 밖에 {more}개"));
    }
    if plan.changed_patterns {
        lines.push(say!(
            language,
            "The patterns of players' files (publish.preserve, publish.config) are not those of the live release.",
            "플레이어 파일의 패턴(publish.preserve, publish.config)이 현재 릴리스와 다릅니다."
        ));
    }
    lines.extend(restoring_lines(language, plan, all));
    if plan.takes_over_2017 {
        lines.push(say!(
            language,
            "The bucket was filled by the 2017 tool; from this release on it is Naru's as well.",
            "2017년 도구로 채워진 버킷입니다. 이 릴리스부터 나루가 이어받습니다."
        ));
    }
    lines.push(sum_line(language, plan));
    lines
}

/// What a release does for players of the live one, besides its changes.
fn restoring_lines(language: Language, plan: &PublishPlan, all: bool) -> Vec<String> {
    let shown = if all { plan.lost.len() } else { plan.lost.len().min(LISTED) };
    let lost = language.pick("lost", "유실");
    let mut lines: Vec<String> =
        plan.lost[..shown].iter().map(|key| format!("{} {key}", left(lost, KIND_CELLS))).collect();
    if let (true, Some(live), Some(highest)) = (plan.outranked, plan.live, plan.highest) {
        let next = plan.next;
        lines.push(say!(
            language,
            "Release {live} is live, but players may have another one, up to {highest}: release {next} comes after them all.",
            "현재 릴리스는 {live}이지만 플레이어는 {highest}까지의 다른 릴리스를 설치했을 수 있습니다. 릴리스 {next}의 번호가 가장 높습니다."
        ));
    }
    lines
}

fn sum_line(language: Language, plan: &PublishPlan) -> String {
    let (changes, all_files) = (plan.changes.len(), files(language, plan.files));
    let (size, upload) = (bytes(plan.bytes), bytes(plan.upload_bytes));
    let plural = if changes == 1 { "" } else { "s" };
    let sent = stored_before(language, plan.resumed_bytes);
    match language {
        Language::En => {
            format!("{changes} change{plural}; {upload} to upload{sent}; {all_files}, {size} in all")
        }
        Language::Ko => format!("변경 {changes}건, 업로드 {upload}{sent}, 전체 {all_files} {size}"),
    }
}

fn stored_before(language: Language, resumed: u64) -> String {
    let resumed = match resumed {
        0 => return String::new(),
        count => bytes(count),
    };
    say!(language, " ({resumed} are in the bucket already)", "(버킷에 이미 있는 {resumed} 제외)")
}

/// The cells of the widest word for a change, and one more.
const KIND_CELLS: usize = 8;

fn change_line(language: Language, change: &Change) -> String {
    let (path, size) = (&change.path, bytes(change.size));
    let (kind, what) = match &change.kind {
        ChangeKind::New => (language.pick("new", "추가"), format!("{path} ({size})")),
        ChangeKind::Changed => (language.pick("changed", "변경"), format!("{path} ({size})")),
        ChangeKind::Moved { from } => (language.pick("moved", "이동"), format!("{from} -> {path}")),
        ChangeKind::Deleted => (language.pick("deleted", "삭제"), path.to_string()),
        ChangeKind::Mode => (language.pick("mode", "권한"), path.to_string()),
    };
    format!("{} {what}", left(kind, KIND_CELLS))
}

fn nothing_changed(context: &Context, live: &Published) -> Result<(), Failure> {
    let Published { number, files, bytes, .. } = *live;
    if context.output.json {
        let body = json!({"published": false, "number": number, "files": files, "bytes": bytes});
        return context.output.json_line("result", "publish", &body);
    }
    let language = context.language();
    let release = with_particle(number, "은", "는");
    context.output.print(&say!(
        language,
        "Nothing changed: release {number} is this build already. No new release was made.",
        "바뀐 것이 없습니다. 릴리스 {release} 이미 이 빌드입니다. 새 릴리스는 만들지 않았습니다."
    ))
}

fn show_published(context: &Context, published: &Published, channel: &Channel) -> Result<(), Failure> {
    if context.output.json {
        let mut body = json!(published);
        body["published"] = true.into();
        body["channel"] = json!(channel);
        return context.output.json_line("result", "publish", &body);
    }
    let (language, number) = (context.language(), published.number);
    let (all, uploaded) = (files(language, published.files), files(language, published.uploaded_files));
    let (size, sent) = (bytes(published.bytes), bytes(published.uploaded_bytes));
    let before = stored_before(language, published.resumed_bytes);
    let release = with_particle(number, "을", "를");
    context.output.print(&say!(
        language,
        "Published release {number} ({channel}): {all}, {size}; sent {uploaded}, {sent}{before}.",
        "릴리스 {release} 배포했습니다({channel}): 전체 {all} {size}, 업로드한 {uploaded} {sent}{before}."
    ))
}
