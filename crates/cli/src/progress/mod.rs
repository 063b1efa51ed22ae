//! The watcher of the engine's progress: bars for a person, lines for a program.

mod bar;
mod lines;

use std::sync::Arc;

use naru_patcher::{Phase, PhaseProgress, ProgressSink, Silent, Total, Warning};
use serde_json::json;

use crate::catalogue::{Said, warning};
use crate::language::{Language, Words};
use crate::output::Output;
use crate::progress::bar::Bar;
use crate::progress::lines::Lines;

/// Draws, prints or drops what the engine reports.
pub struct Watcher {
    output: Arc<Output>,
}

impl Watcher {
    /// A watcher that speaks through `output`.
    pub fn new(output: Arc<Output>) -> Self {
        Self { output }
    }

    /// Prints a warning by its published name.
    pub fn warn_about(&self, code: &str, path: Option<&str>, words: &Words) {
        let sentence = words.pick(self.output.language);
        if self.output.json {
            let mut line = json!({"code": code, "message": sentence});
            if let Some(path) = path {
                line["path"] = path.into();
            }
            self.output.json_remark("warning", &line);
        } else {
            let word = self.output.language.pick("warning", "경고");
            self.output.complain(&format!("{word}: {sentence}"));
        }
    }
}

impl ProgressSink for Watcher {
    fn start(&self, phase: Phase, total: Total) -> Box<dyn PhaseProgress> {
        if self.output.json {
            Box::new(Lines::start(Arc::clone(&self.output), phase, total))
        } else if self.output.quiet {
            Silent.start(phase, total)
        } else {
            Box::new(Bar::start(&self.output, phase, total))
        }
    }

    fn warn(&self, warned: Warning) {
        let Said { code, path, words } = warning(&warned);
        self.warn_about(code, path.as_deref(), &words);
    }
}

/// A phase's name in JSON.
fn name(phase: Phase) -> &'static str {
    match phase {
        Phase::Scan => "scan",
        Phase::Upload => "upload",
        Phase::Invalidate => "invalidate",
        Phase::Gather => "gather",
        Phase::Download => "download",
        Phase::Apply => "apply",
        Phase::Verify => "verify",
    }
}

/// A phase's name for a person.
fn title(phase: Phase, language: Language) -> &'static str {
    match phase {
        Phase::Scan => language.pick("reading", "읽는 중"),
        Phase::Upload => language.pick("uploading", "업로드 중"),
        Phase::Invalidate => language.pick("waiting for the edge", "엣지 반영 대기 중"),
        Phase::Gather => language.pick("checking local data", "기존 데이터 확인 중"),
        Phase::Download => language.pick("downloading", "내려받는 중"),
        Phase::Apply => language.pick("installing", "설치 중"),
        Phase::Verify => language.pick("verifying", "검사 중"),
    }
}
