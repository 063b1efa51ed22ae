//! `naru status`

use std::path::Path;

use naru_patcher::Status;
use serde::Serialize;
use serde_json::json;

use super::{Report, notes};
use crate::language::{Language, say};
use crate::quantity::{bytes, files};
use crate::repeated_flags::RepeatedFlags;

/// What is installed.
pub struct StatusReport<'a> {
    /// The folder.
    pub install: &'a Path,
    /// What its ledger says.
    pub status: &'a Status,
    /// What the commands that it names have to repeat.
    pub flags: &'a RepeatedFlags,
}

impl Report for StatusReport<'_> {
    fn json(&self) -> impl Serialize {
        let mut body = json!(self.status);
        body["install"] = json!(self.install.to_string_lossy());
        body
    }

    fn lines(&self, language: Language) -> Vec<String> {
        let Self { install, status, flags } = self;
        let mut lines = vec![format!("{}: {}", install.display(), installed(language, status))];
        let notes = notes::in_language(language, &status.notes);
        lines.extend(notes.lines().map(|line| format!("  {line}")));
        lines.extend(remarks(language, status).iter().map(|line| flags.repeated(line)));
        lines
    }
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
            "An update was interrupted while installing files; `naru update` finishes it.",
            "새 파일을 설치하던 중에 업데이트가 중단되었습니다. `naru update`를 실행하면 이어서 마칩니다."
        ));
    }
    if status.staged_bytes > 0 {
        let staged = bytes(status.staged_bytes);
        lines.push(say!(
            language,
            "{staged} of the next release are already downloaded.",
            "다음 릴리스의 데이터 {staged}를 이미 받아 두었습니다."
        ));
    }
    lines
}
