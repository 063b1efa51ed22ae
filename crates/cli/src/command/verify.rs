//! `naru verify`

use naru_patcher::{InstallFolder, Verification, Wound, WoundKind};
use naru_protocol::ErrorCode;

use crate::columns::left;
use crate::config::Flags;
use crate::context::Context;
use crate::failure::Failure;
use crate::language::{Language, say, words};
use crate::quantity::{bytes, files};

/// Options of `naru verify`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Reads every installed byte and asks no server. Exit code 15 when something differs; `naru repair`
mends it. Files that the player may change are named, but are no differences.

Examples:
  naru verify
  naru verify --install game --json")]
pub struct Options {
    /// The folder that the game is installed in
    #[arg(long, value_name = "DIR")]
    pub install: Option<String>,
}

/// Verifies the installed files.
pub async fn run(options: Options, context: &Context) -> Result<(), Failure> {
    context.only_read();
    let flags = Flags::default().with("update", "install", "--install", options.install);
    let config = context.config(flags)?;
    let found = InstallFolder::new(&config.install).verify(context.progress()).await?;
    show(context, &found)?;
    if found.wounds.is_empty() {
        return Ok(());
    }
    let (count, release) = (found.wounds.len(), found.release);
    let (english, korean) = (files(Language::En, found.files), files(Language::Ko, found.files));
    let detail =
        words!("{count} of {english} of release {release}", "릴리스 {release}의 {korean} 중 {count}개");
    let failure = Failure::new(ErrorCode::Wounds, detail);
    // Repair leaves alone what it did not install.
    let is_obstacle = |wound: &Wound| matches!(wound.kind, WoundKind::NotAFile);
    Err(match found.wounds.iter().any(is_obstacle) {
        true => failure.with_hint(words!(
            "move what is in the way (\"not a file\" in the list) to another place first; then `naru repair` mends it",
            "파일 자리를 차지하고 있는 것(목록의 \"파일 아님\")을 먼저 다른 곳으로 옮기십시오. 그다음 `naru repair`로 복구할 수 있습니다"
        )),
        false => failure,
    })
}

fn show(context: &Context, found: &Verification) -> Result<(), Failure> {
    if context.output.json {
        return context.output.json_line("result", "verify", found);
    }
    let language = context.language();
    for wound in &found.wounds {
        context.output.print(&wound_line(language, wound))?;
    }
    for path in &found.changed_by_player {
        let kind = language.pick("yours", "직접 변경");
        context.output.print(&format!("{} {path}", left(kind, KIND_CELLS)))?;
    }
    let (release, all) = (found.release, files(language, found.files));
    let size = bytes(found.bytes);
    context.output.print(&match found.wounds.len() {
        0 => say!(
            language,
            "Release {release} is complete: {all}, {size}.",
            "릴리스 {release}: 모든 파일이 온전합니다({all}, {size})."
        ),
        count => say!(
            language,
            "Release {release}: {count} of {all} differ.",
            "릴리스 {release}: {all} 중 {count}개가 다릅니다."
        ),
    })
}

/// One difference for a person.
pub fn wound_line(language: Language, wound: &Wound) -> String {
    let what = match wound.kind {
        WoundKind::Missing => language.pick("missing", "없음"),
        WoundKind::Damaged => language.pick("damaged", "손상"),
        WoundKind::WrongSize => language.pick("wrong size", "크기 다름"),
        WoundKind::NotAFile => language.pick("not a file", "파일 아님"),
        WoundKind::Unreadable => language.pick("unreadable", "읽을 수 없음"),
        WoundKind::Mode => language.pick("mode", "권한"),
    };
    format!("{} {}", left(what, KIND_CELLS), wound.path)
}

/// The cells of the widest word for a difference.
const KIND_CELLS: usize = 10;
