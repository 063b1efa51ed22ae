//! A failure, as shown to a person or a script.

use std::path::Path;
use std::sync::Arc;

use naru_operations::{Changed, NextStep, OperationError, SettingsError};
use naru_protocol::{ErrorCode, FormatError};
use naru_store::Network;

use crate::catalogue::{self, Entry, message, next_step, operation_noun};
use crate::language::{Language, Words, say, words};
use crate::repeated_flags::RepeatedFlags;

/// A command that did not do what it was asked for.
#[derive(Debug)]
pub struct Failure {
    /// The kind, which is also the exit code.
    pub code: ErrorCode,
    /// Particulars, one a line: path, URL, expected and actual.
    pub detail: Vec<Words>,
    /// What it has changed.
    pub changed: Changed,
    /// What happened, where the table's sentence does not fit.
    sentence: Option<Box<Words>>,
    hint: Option<Box<Words>>,
    /// The address that could not be reached, for the proxy that leads to it.
    unreached: Option<Box<str>>,
    /// The command in use, for the hint that explains it.
    command: Option<&'static str>,
    /// What the commands that it names have to repeat.
    flags: Arc<RepeatedFlags>,
    is_declined: bool,
}

impl Failure {
    /// A failure before anything was changed.
    pub fn new(code: ErrorCode, detail: Words) -> Self {
        Self { detail: vec![detail], ..Self::plain(code) }
    }

    /// What the catalogue says of an error.
    pub fn said(code: ErrorCode, entry: Entry) -> Self {
        let Entry { detail, sentence, hint } = entry;
        let (sentence, hint) = (sentence.map(Box::new), hint.map(Box::new));
        Self { detail, sentence, hint, ..Self::plain(code) }
    }

    /// Without particulars: the table's sentence says it all.
    pub fn plain(code: ErrorCode) -> Self {
        let (detail, changed) = (Vec::new(), Changed::Nothing);
        let flags = Arc::default();
        Self {
            code,
            detail,
            changed,
            sentence: None,
            hint: None,
            unreached: None,
            command: None,
            flags,
            is_declined: false,
        }
    }

    /// The user was asked and did not say yes: the exit code tells a script, but nothing went wrong.
    pub fn declined() -> Self {
        Self { is_declined: true, ..Self::plain(ErrorCode::Cancelled) }
    }

    /// A next step that fits better than the table's.
    pub fn with_hint(mut self, hint: Words) -> Self {
        self.hint = Some(Box::new(hint));
        self
    }

    /// The next step where nothing nearer is known; the table's is passed over.
    pub fn or_hint(mut self, hint: Words) -> Self {
        self.hint.get_or_insert_with(|| Box::new(hint));
        self
    }

    /// A connection that failed may have failed at the proxy: then the server is not to blame.
    pub fn through(self, network: &Network) -> Self {
        let unreached = self.unreached.as_deref();
        match unreached.and_then(|place| NextStep::at_proxy(network, place)) {
            Some(step) => self.with_hint(next_step(&step)),
            None => self,
        }
    }

    /// Says which command it was.
    pub fn of_command(mut self, name: Option<&'static str>) -> Self {
        self.command = name;
        self
    }

    /// Says what the command was given, for the commands that the failure names.
    pub fn with_flags(mut self, flags: Arc<RepeatedFlags>) -> Self {
        self.flags = flags;
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
    pub fn io(operation: &str, path: &Path, error: &std::io::Error) -> Self {
        let code = ErrorCode::of_io(error.kind());
        let (path, korean) = (path.display(), operation_noun(operation));
        Self::new(code, words!("{operation} {path}: {error}", "{path} {korean}: {error}"))
    }

    /// The remark after the answer "no", in place of an error.
    pub fn remark(&self, language: Language) -> Option<String> {
        self.is_declined
            .then(|| say!(language, "Cancelled. Nothing was changed.", "취소했습니다. 바뀐 것은 없습니다."))
    }

    /// The text for a person: what happened, what changed, the next step.
    pub fn render(&self, language: Language) -> String {
        let mut text = format!("{}: {}\n", language.pick("error", "오류"), self.sentence(language));
        for line in &self.detail {
            text.push_str(&format!("  {}\n", line.pick(language)));
        }
        if self.changed != Changed::OnlyRead {
            let state = self.state(language);
            text.push_str(&format!("{}: {state}\n", language.pick("state", "상태")));
        }
        text.push_str(&format!("{}: {}\n", language.pick("hint", "힌트"), self.hint(language)));
        text
    }

    /// The `error` line of the JSON contract.
    pub fn to_json(&self, language: Language) -> serde_json::Value {
        let row = message(self.code);
        let detail: Vec<&str> = self.detail.iter().map(|line| line.pick(Language::En)).collect();
        serde_json::json!({
            "code": self.code,
            "exit": row.exit,
            "message": self.sentence(language),
            "detail": detail.join("\n"),
            "changed": self.changed.is_visible(),
            "state": self.state(language),
            "hint": self.hint(language),
        })
    }

    fn sentence(&self, language: Language) -> &str {
        match &self.sentence {
            Some(sentence) => sentence.pick(language),
            None => message(self.code).sentence(language),
        }
    }

    fn state(&self, language: Language) -> String {
        self.flags.repeated(catalogue::changed(self.changed).pick(language))
    }

    fn hint(&self, language: Language) -> String {
        self.flags.repeated(&self.plain_hint(language))
    }

    fn plain_hint(&self, language: Language) -> String {
        match (&self.hint, self.command) {
            (Some(hint), _) => hint.pick(language).to_owned(),
            (None, Some(name)) if self.code == ErrorCode::Usage => {
                say!(
                    language,
                    "`naru help {name}` explains this command",
                    "`naru help {name}`에서 이 명령의 사용법을 볼 수 있습니다"
                )
            }
            (None, _) => message(self.code).hint(language).to_owned(),
        }
    }
}

impl From<OperationError> for Failure {
    fn from(error: OperationError) -> Self {
        Self {
            changed: error.changed,
            unreached: error.unreached().map(Into::into),
            ..Self::said(error.code(), catalogue::failed_operation(&error))
        }
    }
}

impl From<SettingsError> for Failure {
    fn from(error: SettingsError) -> Self {
        OperationError::new(error, Changed::Nothing).into()
    }
}

impl From<FormatError> for Failure {
    fn from(error: FormatError) -> Self {
        Self::new(ErrorCode::BadFormat, catalogue::bad_document(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_read_english_particulars_in_every_language() {
        let failure = Failure::new(ErrorCode::Config, words!("not set", "설정되지 않았습니다"));
        assert!(failure.render(Language::Ko).contains("  설정되지 않았습니다\n"));
        let line = failure.to_json(Language::Ko);
        assert_eq!(line["detail"], "not set", "the contract: a script may look for a path or a word in it");
        assert_eq!(
            line["message"], "설정이 없거나 잘못되었습니다",
            "what is for people is in their language"
        );
    }

    #[test]
    fn a_command_that_only_reads_has_no_state_to_tell() {
        let failure = Failure::plain(ErrorCode::Wounds).having_changed(Changed::OnlyRead);
        assert!(!failure.render(Language::En).contains("state:"));
        assert_eq!(failure.to_json(Language::En)["state"], "nothing was changed", "the field is promised");
        assert!(
            Failure::plain(ErrorCode::Config).render(Language::En).contains("state: nothing was changed")
        );
    }

    #[test]
    fn the_hint_of_a_wrong_command_line_names_the_command() {
        let usage = || Failure::plain(ErrorCode::Usage);
        let of_update = usage().of_command(Some("update")).render(Language::En);
        assert!(of_update.contains("`naru help update`"), "{of_update}");
        assert!(usage().render(Language::En).contains("`naru help` lists"), "no command is known yet");
        let own = usage().with_hint(words!("add --yes", "--yes를 붙이십시오")).of_command(Some("publish"));
        assert!(own.render(Language::En).contains("hint: add --yes"), "the nearer advice wins");
    }

    #[test]
    fn no_is_an_answer_and_not_an_error() {
        let declined = Failure::declined();
        assert_eq!(message(declined.code).exit, 130, "as documented");
        assert_eq!(declined.remark(Language::En).as_deref(), Some("Cancelled. Nothing was changed."));
        assert_eq!(declined.remark(Language::Ko).as_deref(), Some("취소했습니다. 바뀐 것은 없습니다."));
        assert_eq!(Failure::plain(ErrorCode::Cancelled).remark(Language::En), None, "Ctrl-C is none");
    }
}
