//! `naru status`

use naru_patcher::{InstallFolder, Status};
use serde_json::json;

use crate::config::Flags;
use crate::context::Context;
use crate::failure::Failure;
use crate::language::{Language, say};
use crate::quantity::{bytes, files};
use crate::release_notes::in_language;

/// Options of `naru status`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Reads only the ledger of the install folder: no server is asked and no file is checked.

Examples:
  naru status
  naru status --install game --json")]
pub struct Options {
    /// The folder that the game is installed in
    #[arg(long, value_name = "DIR")]
    pub install: Option<String>,
}

/// Says what is installed.
pub fn run(options: Options, context: &Context) -> Result<(), Failure> {
    context.only_read();
    let flags = Flags::default().with("update", "install", "--install", options.install);
    let config = context.config(flags)?;
    let status = InstallFolder::new(&config.install).status()?;
    if context.output.json {
        let mut body = json!(status);
        body["install"] = json!(config.install.to_string_lossy());
        return context.output.json_line("result", "status", &body);
    }
    context.output.print(&format!(
        "{}: {}",
        config.install.display(),
        installed(context.language(), &status)
    ))?;
    for line in in_language(context.language(), &status.notes).lines() {
        context.output.print(&format!("  {line}"))?;
    }
    for line in remarks(context.language(), &status) {
        context.output.print(&context.given.repeated(&line))?;
    }
    Ok(())
}

fn installed(language: Language, status: &Status) -> String {
    let (files, size) = (files(language, status.files), bytes(status.bytes));
    match status.installed {
        Some(number) => {
            let channel = status.channel.as_ref().map(|channel| format!(" ({channel})")).unwrap_or_default();
            say!(
                language,
                "release {number}{channel}, {files}, {size}",
                "릴리스 {number}{channel}, {files}, {size}"
            )
        }
        None => say!(language, "nothing is installed", "설치된 것이 없습니다"),
    }
}

fn remarks(language: Language, status: &Status) -> Vec<String> {
    let mut lines = Vec::new();
    if status.made_by_2017 {
        lines.push(say!(language, "Published by the 2017 tool.", "2017년 도구로 배포된 릴리스입니다."));
    }
    if status.interrupted {
        lines.push(say!(
            language,
            "An update was interrupted while it put files in place; `naru update` finishes it.",
            "새 파일을 설치하던 중에 업데이트가 중단되었습니다. `naru update`를 실행하면 이어서 마칩니다."
        ));
    }
    if status.staged_bytes > 0 {
        let staged = bytes(status.staged_bytes);
        lines.push(say!(
            language,
            "{staged} of the next release are here already.",
            "다음 릴리스의 데이터 {staged}를 이미 받아 두었습니다."
        ));
    }
    lines
}
