//! `naru repair`

use naru_patcher::Repaired;

use crate::command::verify::wound_line;
use crate::config::Flags;
use crate::context::Context;
use crate::endpoints::updater;
use crate::failure::Failure;
use crate::language::say;
use crate::quantity::{bytes, files};

/// Options of `naru repair`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Reads every installed byte and fetches only the damaged pieces of the release that is installed.

Examples:
  naru repair
  naru repair --install game --json")]
pub struct Options {
    /// The folder that the game is installed in
    #[arg(long, value_name = "DIR")]
    pub install: Option<String>,
    /// Use at most so many bytes per second, such as 500K or 2M
    #[arg(long, value_name = "RATE")]
    limit_rate: Option<String>,
    /// Whose newest release to compare with, where the record of what is installed is damaged
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
    let updater = updater(context, &config)?;
    context.begin_install(&config.install);
    let repaired = updater.repair().await?;
    context.done();
    show(context, &repaired)
}

fn show(context: &Context, repaired: &Repaired) -> Result<(), Failure> {
    if context.output.json {
        return context.output.json_line("result", "repair", repaired);
    }
    let language = context.language();
    for wound in &repaired.wounds {
        context.output.print(&wound_line(language, wound))?;
    }
    let release = repaired.release;
    let mended = files(language, repaired.wounds.len() as u64);
    let fetched = bytes(repaired.downloaded_bytes);
    context.output.print(&match repaired.wounds.len() {
        0 => say!(
            language,
            "Release {release} is complete: nothing to repair.",
            "릴리스 {release}: 모든 파일이 온전합니다. 복구할 것이 없습니다."
        ),
        _ => say!(
            language,
            "Repaired {mended} of release {release}: downloaded {fetched}.",
            "릴리스 {release}의 {mended}를 복구했습니다(내려받은 데이터 {fetched})."
        ),
    })
}
