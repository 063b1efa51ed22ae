//! `naru releases`

use naru_patcher::ReleaseSummary;
use naru_protocol::Channel;
use serde_json::json;

use crate::config::Flags;
use crate::context::Context;
use crate::endpoints::{lister, publish_options};
use crate::failure::Failure;
use crate::language::{Language, say};
use crate::quantity::{bytes, date, files};

/// Options of `naru releases`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  naru releases
  naru releases --channel beta --json")]
pub struct Options {
    /// The line of releases to list
    #[arg(long, value_name = "NAME", default_value = "live")]
    channel: Channel,
}

/// Lists the releases.
pub async fn run(options: Options, context: &Context) -> Result<(), Failure> {
    let config = context.config(Flags::default())?;
    let wanted = publish_options(context, &config, &context.world.cwd, options.channel);
    let releases = lister(context, &config, wanted).await?.releases().await?;
    if context.output.json {
        return context.output.json_line("result", "releases", &json!({"releases": releases}));
    }
    if releases.is_empty() {
        let sentence =
            say!(context.language(), "Nothing has been published yet.", "아직 배포된 릴리스가 없습니다.");
        return context.output.print(&sentence);
    }
    for release in &releases {
        context.output.print(&line(context.language(), release))?;
    }
    Ok(())
}

fn line(language: Language, release: &ReleaseSummary) -> String {
    let number = release.number;
    let at = release.date.map_or_else(|| "-".into(), date);
    let size = bytes(release.bytes);
    let files = files(language, release.files);
    let mut marks = Vec::new();
    if release.live {
        marks.push(language.pick("live", "공개 중").to_owned());
    }
    if let Some(of) = release.content_of {
        marks.push(say!(language, "content of {of}", "릴리스 {of}의 내용"));
    }
    if release.made_by_2017 {
        marks.push(language.pick("2017 tool", "2017년 도구").to_owned());
    }
    let note = release.notes.lines().next().unwrap_or_default();
    let text = format!("{number:>6}  {at:<20}  {files:>12}  {size:>10}  {}  {note}", marks.join(", "));
    text.trim_end().to_owned()
}
