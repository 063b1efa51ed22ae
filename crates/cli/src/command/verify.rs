//! `naru verify`

use naru_operations::verify;
use naru_patcher::{Verification, Wound, WoundKind};
use naru_protocol::ErrorCode;

use crate::config::Flags;
use crate::context::Context;
use crate::failure::Failure;
use crate::language::{Language, words};
use crate::quantity::files;
use crate::report::VerifyReport;

/// Options of `naru verify`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Reads every installed byte and contacts no server. The exit code is 15 if files are damaged; `naru repair`
fixes them. Files that the player may change are listed, but do not count as damaged.

Examples:
  naru verify
  naru verify --install game --json")]
pub struct Options {
    /// Folder where the game is installed
    #[arg(long, value_name = "DIR")]
    pub install: Option<String>,
}

/// Verifies the installed files.
pub async fn run(options: Options, context: &Context) -> Result<(), Failure> {
    context.tracker.only_reads();
    let flags = Flags::default().with("update", "install", "--install", options.install);
    let config = context.config(flags)?;
    let found = verify(&config.install_folder(), &context.tracker).await?;
    context.output.result("verify", &VerifyReport(&found))?;
    match found.wounds.is_empty() {
        true => Ok(()),
        false => Err(damaged(&found)),
    }
}

fn damaged(found: &Verification) -> Failure {
    let (count, release) = (found.wounds.len(), found.release);
    let (english, korean) = (files(Language::En, found.files), files(Language::Ko, found.files));
    let detail =
        words!("{count} of {english} of release {release}", "릴리스 {release}의 {korean} 중 {count}개");
    let failure = Failure::new(ErrorCode::Wounds, detail);
    // Repair leaves alone what it did not install.
    let is_obstacle = |wound: &Wound| matches!(wound.kind, WoundKind::NotAFile);
    match found.wounds.iter().any(is_obstacle) {
        true => failure.with_hint(words!(
            "move what is in the way (\"not a file\" in the list) first; then `naru repair` fixes them",
            "파일 자리를 차지하고 있는 것(목록의 \"파일 아님\")을 먼저 다른 곳으로 옮기십시오. 그다음 `naru repair`로 복구할 수 있습니다"
        )),
        false => failure,
    }
}
