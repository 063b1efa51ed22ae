//! A failure as it is told to a person or a script.

use std::error::Error;

use naru_patcher::{PublishError, ScanError, UpdateError};
use naru_protocol::{ErrorCode, FormatError};

use crate::language::{Language, say};
use crate::messages::message;

/// What a failed command has changed that outlives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// Nothing at all.
    Nothing,
    /// Files may have reached the store, but no player sees anything of them.
    OnlyUploads,
    /// The release is out; what failed came after it.
    Released,
    /// The release may be out: the store did not tell.
    Unclear,
    /// The installed game is what it was; fetched bytes are kept for the next run.
    OnlyStage,
    /// The update had begun to put files in place, and its journal is written.
    Midway,
    /// The command's work is done; telling of it failed.
    Everything,
}

impl Changed {
    /// Whether players or the game see a difference.
    pub fn is_visible(self) -> bool {
        matches!(self, Self::Released | Self::Unclear | Self::Midway | Self::Everything)
    }

    fn sentence(self, language: Language) -> String {
        match self {
            Self::Nothing => say!(language, "nothing was changed", "바뀐 것은 없습니다"),
            Self::OnlyUploads => say!(
                language,
                "nothing was published: players still get the release they got before",
                "배포된 것은 없습니다. 플레이어는 이전 릴리스를 그대로 받습니다"
            ),
            Self::Released => say!(
                language,
                "the release is published; only what follows it was not finished",
                "릴리스는 배포되었습니다. 그 뒤의 작업만 끝나지 않았습니다"
            ),
            Self::Unclear => say!(
                language,
                "the release may be published: `naru releases` tells",
                "릴리스가 배포되었을 수 있습니다. `naru releases`로 확인하십시오"
            ),
            Self::OnlyStage => {
                say!(language, "the installed game was not changed", "설치된 게임은 바뀌지 않았습니다")
            }
            Self::Everything => say!(language, "the work itself was done", "작업 자체는 끝났습니다"),
            Self::Midway => say!(
                language,
                "the new files were being put in place; the next `naru update` finishes that first",
                "새 파일을 옮기던 중이었습니다. 다음 `naru update`가 그 작업부터 마칩니다"
            ),
        }
    }
}

/// A command that did not do what it was asked for.
#[derive(Debug)]
pub struct Failure {
    /// The kind, which is also the exit code.
    pub code: ErrorCode,
    /// Particulars, one a line: path, URL, expected and actual.
    pub detail: Vec<String>,
    /// What it has changed.
    pub changed: Changed,
    hint: Option<String>,
}

impl Failure {
    /// A failure before anything was changed.
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self { code, detail: vec![detail.into()], changed: Changed::Nothing, hint: None }
    }

    /// Without particulars: the table's sentence says it all.
    pub fn plain(code: ErrorCode) -> Self {
        Self { code, detail: Vec::new(), changed: Changed::Nothing, hint: None }
    }

    /// A next step that fits better than the table's.
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says what was changed, where the engine did not say that it can't know.
    pub fn having_changed(mut self, changed: Changed) -> Self {
        if self.changed != Changed::Unclear {
            self.changed = changed;
        }
        self
    }

    /// A failed read or write of a file of the command's own.
    pub fn io(what: &str, path: &std::path::Path, error: &std::io::Error) -> Self {
        let code = match error.kind() {
            std::io::ErrorKind::NotFound => ErrorCode::NotFound,
            std::io::ErrorKind::StorageFull => ErrorCode::NoSpace,
            _ => ErrorCode::DiskRefused,
        };
        Self::new(code, format!("{what} {}: {error}", path.display()))
    }

    /// The text for a person: what happened, what changed, the next step.
    pub fn render(&self, language: Language) -> String {
        let row = message(self.code);
        let mut text = format!("{}: {}\n", language.pick("error", "오류"), row.sentence(language));
        for line in &self.detail {
            text.push_str(&format!("  {line}\n"));
        }
        text.push_str(&format!("{}: {}\n", language.pick("state", "상태"), self.changed.sentence(language)));
        text.push_str(&format!("{}: {}\n", language.pick("hint", "도움말"), self.hint(language)));
        text
    }

    /// The `error` line of the JSON contract.
    pub fn to_json(&self, language: Language) -> serde_json::Value {
        let row = message(self.code);
        serde_json::json!({
            "code": row.name,
            "exit": row.exit,
            "message": row.sentence(language),
            "detail": self.detail.join("\n"),
            "changed": self.changed.is_visible(),
            "state": self.changed.sentence(language),
            "hint": self.hint(language),
        })
    }

    fn hint(&self, language: Language) -> &str {
        match &self.hint {
            Some(hint) => hint,
            None => message(self.code).hint(language),
        }
    }
}

/// An error and all errors below it, the outermost first, repetitions left out.
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(cause) = below {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        below = cause.source();
    }
    text
}

/// How many names of a long list are printed; the rest is counted.
const LISTED: usize = 20;

fn scan_detail(error: &ScanError) -> Vec<String> {
    let mut lines: Vec<String> = match error {
        ScanError::Names(names) => names.iter().map(ToString::to_string).collect(),
        ScanError::NotFiles(paths) => {
            paths.iter().map(|path| format!("{}: a link, a socket or a device", path.display())).collect()
        }
        other => vec![chain(other)],
    };
    if lines.len() > LISTED {
        let more = lines.len() - LISTED;
        lines.truncate(LISTED);
        lines.push(format!("… {more} more"));
    }
    lines
}

impl From<PublishError> for Failure {
    fn from(error: PublishError) -> Self {
        let detail = match &error {
            PublishError::Scan(scan) => scan_detail(scan),
            other => vec![chain(other)],
        };
        let changed = match &error {
            PublishError::Unclear { .. } => Changed::Unclear,
            _ => Changed::Nothing,
        };
        Self { code: error.code(), detail, changed, hint: None }
    }
}

impl From<UpdateError> for Failure {
    fn from(error: UpdateError) -> Self {
        Self { code: error.code(), detail: vec![chain(&error)], changed: Changed::Nothing, hint: None }
    }
}

impl From<FormatError> for Failure {
    fn from(error: FormatError) -> Self {
        Self::new(ErrorCode::BadFormat, error.to_string())
    }
}
