//! `naru update`

use naru_patcher::{UpdatePlan, Updated};
use serde_json::json;

use crate::config::Flags;
use crate::context::Context;
use crate::endpoints::installer;
use crate::failure::Failure;
use crate::language::{Language, say, with_particle};
use crate::quantity::{bytes, files};

/// Options of `naru update`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The installed game is touched only when everything it needs has arrived and is verified. Stopped
at any moment, the next run goes on where this one was. Needs no AWS credentials.

Examples:
  naru update                                   the install folder of naru.toml
  naru update --install game --limit-rate 2M
  naru update --dry-run                         how much would be downloaded")]
pub struct Options {
    /// The folder that the game is installed in
    #[arg(long, value_name = "DIR")]
    pub install: Option<String>,
    /// Use at most so many bytes per second, such as 500K or 2M
    #[arg(long, value_name = "RATE")]
    limit_rate: Option<String>,
    /// The line of releases to follow
    #[arg(long, value_name = "NAME")]
    pub channel: Option<String>,
    /// Show what would be done, and change no file of the game
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
    let installer = installer(context, &config)?;
    // Planning finishes an interrupted update first.
    context.begin_install(&config.install);
    let plan = installer.plan().await?;
    show_plan(context, &plan, options.dry_run)?;
    if options.dry_run {
        return Ok(());
    }
    if plan.is_empty() {
        context.done();
        return up_to_date(context, &plan);
    }
    let updated = installer.update(plan).await?;
    context.done();
    show_updated(context, &updated)
}

fn show_plan(context: &Context, plan: &UpdatePlan, is_result: bool) -> Result<(), Failure> {
    let output = &context.output;
    if output.json {
        return output.json_line("plan", "update", plan);
    }
    let line = plan_line(context.language(), plan);
    if is_result {
        return output.print(&line);
    }
    if !plan.is_empty() {
        output.remark(&line);
    }
    Ok(())
}

fn plan_line(language: Language, plan: &UpdatePlan) -> String {
    let UpdatePlan { to, moved_files, deleted_files, .. } = plan;
    let (all, wanted) = (files(language, plan.files), files(language, plan.download_files));
    let (size, download) = (bytes(plan.bytes), bytes(plan.download_bytes));
    let change = match plan.from {
        Some(from) if from != *to => format!("{from} -> {to}"),
        _ => to.to_string(),
    };
    say!(
        language,
        "Release {change}: {download} in {wanted} to download (of {size} in {all}), {moved_files} moved, {deleted_files} deleted",
        "릴리스 {change}: 내려받을 {wanted} {download}(전체 {all} {size}), 이동 {moved_files}개, 삭제 {deleted_files}개"
    )
}

fn up_to_date(context: &Context, plan: &UpdatePlan) -> Result<(), Failure> {
    let number = plan.to;
    if context.output.json {
        let body = json!({
            "updated": false, "from": plan.from, "to": number, "downloaded_bytes": 0, "downloaded_files": 0,
            "resumed_bytes": 0, "moved_files": 0, "deleted_files": 0, "kept": plan.kept,
        });
        return context.output.json_line("result", "update", &body);
    }
    let release = with_particle(number, "이", "가");
    context.output.print(&say!(
        context.language(),
        "Release {number} is installed already.",
        "릴리스 {release} 이미 설치되어 있습니다."
    ))
}

fn show_updated(context: &Context, updated: &Updated) -> Result<(), Failure> {
    if context.output.json {
        let mut body = json!(updated);
        body["updated"] = true.into();
        return context.output.json_line("result", "update", &body);
    }
    context.output.print(&updated_line(context.language(), updated))
}

fn updated_line(language: Language, updated: &Updated) -> String {
    let Updated { to, moved_files, deleted_files, .. } = updated;
    let wanted = files(language, updated.downloaded_files);
    let fetched = bytes(updated.downloaded_bytes);
    let here = bytes(updated.resumed_bytes);
    let here = match updated.resumed_bytes {
        0 => String::new(),
        _ => say!(language, " ({here} were here already)", "(미리 받아 둔 데이터 {here})"),
    };
    let release = with_particle(*to, "을", "를");
    say!(
        language,
        "Installed release {to}: downloaded {fetched} for {wanted}{here}, {moved_files} moved, {deleted_files} deleted.",
        "릴리스 {release} 설치했습니다: 내려받은 {wanted} {fetched}{here}, 이동 {moved_files}개, 삭제 {deleted_files}개."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_here_already_is_named_only_where_there_was_something() {
        let mut updated = Updated {
            from: None,
            to: 3,
            downloaded_bytes: 1024,
            downloaded_files: 1,
            resumed_bytes: 0,
            moved_files: 0,
            deleted_files: 0,
            kept: Vec::new(),
        };
        let fresh = updated_line(Language::En, &updated);
        assert_eq!(fresh, "Installed release 3: downloaded 1.0 KiB for 1 file, 0 moved, 0 deleted.");
        updated.resumed_bytes = 2048;
        let resumed = updated_line(Language::En, &updated);
        assert!(resumed.contains("for 1 file (2.0 KiB were here already), "), "{resumed}");
        let korean = updated_line(Language::Ko, &updated);
        assert!(
            korean.starts_with("릴리스 3을 설치했습니다: 내려받은 파일 1개 1.0 KiB(미리 받아 둔"),
            "{korean}"
        );
    }
}
