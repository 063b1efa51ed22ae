//! A failure as it is told to a person or a script.

use std::error::Error;
use std::sync::Arc;

use naru_patcher::{PublishError, UpdateError};
use naru_protocol::{ErrorCode, FormatError};
use naru_store::{FailureKind, Network, StoreError, is_out_of_files};

use crate::engine_errors::{hints, korean, particulars};
use crate::given::Given;
use crate::language::{Language, Words, say, words};
use crate::messages::message;

/// What a failed command has changed that outlives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// Nothing, and nobody would have thought so: the command only reads.
    OnlyRead,
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
            Self::OnlyRead | Self::Nothing => say!(language, "nothing was changed", "바뀐 것은 없습니다"),
            Self::OnlyUploads => say!(
                language,
                "nothing was published: players still get the release they got before",
                "배포된 것은 없습니다. 플레이어는 지금까지의 릴리스를 그대로 받습니다"
            ),
            Self::Released => say!(
                language,
                "the release is published; only what follows it was not finished",
                "릴리스는 배포되었습니다. 그 뒤의 작업만 마치지 못했습니다"
            ),
            Self::Unclear => say!(
                language,
                "the release may be published: `naru releases` tells",
                "릴리스가 배포되었을 수 있습니다. `naru releases`로 확인하십시오"
            ),
            Self::OnlyStage => {
                say!(language, "the installed game was not changed", "설치된 게임은 바뀌지 않았습니다")
            }
            Self::Everything => say!(language, "the work itself was done", "작업 자체는 마쳤습니다"),
            Self::Midway => say!(
                language,
                "the new files were being put in place; the next `naru update` finishes that first",
                "새 파일을 설치하던 중이었습니다. 다음 `naru update`가 그 작업부터 마칩니다"
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
    given: Arc<Given>,
    is_declined: bool,
}

impl Failure {
    /// A failure before anything was changed.
    pub fn new(code: ErrorCode, detail: Words) -> Self {
        Self { detail: vec![detail], ..Self::plain(code) }
    }

    /// Without particulars: the table's sentence says it all.
    pub fn plain(code: ErrorCode) -> Self {
        let (detail, changed) = (Vec::new(), Changed::Nothing);
        let given = Arc::default();
        Self {
            code,
            detail,
            changed,
            sentence: None,
            hint: None,
            unreached: None,
            command: None,
            given,
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
    pub fn through(mut self, network: &Network) -> Self {
        let unreached = self.unreached.as_deref();
        if let Some(hint) = unreached.and_then(|place| hints::of_proxy(network, place)) {
            self.hint = Some(Box::new(hint));
        }
        self
    }

    /// Says which command it was.
    pub fn of_command(mut self, name: Option<&'static str>) -> Self {
        self.command = name;
        self
    }

    /// Says what the command was given, for the commands that the failure names.
    pub fn with_given(mut self, given: Arc<Given>) -> Self {
        self.given = given;
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
    pub fn io(operation: &str, path: &std::path::Path, error: &std::io::Error) -> Self {
        let code = match error.kind() {
            std::io::ErrorKind::NotFound => ErrorCode::NotFound,
            std::io::ErrorKind::StorageFull => ErrorCode::NoSpace,
            _ => ErrorCode::DiskRefused,
        };
        let (path, korean) = (path.display(), korean::operation(operation));
        Self::new(code, words!("{operation} {path}: {error}", "{path} {korean}: {error}"))
    }

    /// What a person who answered "no" is told instead of an error.
    pub fn remark(&self, language: Language) -> Option<String> {
        self.is_declined
            .then(|| say!(language, "Cancelled, nothing was changed.", "취소했습니다. 바뀐 것은 없습니다."))
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
            "code": row.name,
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
        self.given.repeated(&self.changed.sentence(language))
    }

    fn hint(&self, language: Language) -> String {
        self.given.repeated(&self.plain_hint(language))
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

/// The system's limit stands behind whatever could not be opened: not the disk, and not the network.
fn out_of_files(error: &(dyn Error + 'static)) -> Option<Failure> {
    if !is_out_of_files(error) {
        return None;
    }
    let detail = Words::same(chain(error));
    Some(Failure::new(ErrorCode::Config, detail).with_hint(hints::of_open_files()))
}

/// Where nobody answered: an answer of any status has reached a server.
fn unreached(error: &StoreError) -> Option<Box<str>> {
    let is_lost = error.kind == FailureKind::Retryable && error.status.is_none();
    error.at.clone().filter(|_| is_lost)
}

impl From<PublishError> for Failure {
    fn from(error: PublishError) -> Self {
        let changed = match &error {
            PublishError::Unclear { .. } => Changed::Unclear,
            _ => Changed::Nothing,
        };
        if let Some(failure) = out_of_files(&error) {
            return Self { changed, ..failure };
        }
        let hint = hints::of_publish(&error).map(Box::new);
        let unreached = match &error {
            PublishError::Store(store) => unreached(store),
            PublishError::Unclear { source, .. } => unreached(source),
            _ => None,
        };
        let detail = particulars::of_publish(&error);
        Self { detail, changed, hint, unreached, ..Self::plain(error.code()) }
    }
}

impl From<UpdateError> for Failure {
    fn from(error: UpdateError) -> Self {
        if let Some(failure) = out_of_files(&error) {
            return failure;
        }
        let sentence = particulars::sentence_of_update(&error).map(Box::new);
        let hint = hints::of_update(&error).map(Box::new);
        let unreached = match &error {
            UpdateError::Store(store) => unreached(store),
            _ => None,
        };
        let detail = particulars::of_update(&error);
        Self { detail, sentence, hint, unreached, ..Self::plain(error.code()) }
    }
}

impl From<FormatError> for Failure {
    fn from(error: FormatError) -> Self {
        let korean = korean::of_format(&error);
        Self::new(ErrorCode::BadFormat, Words { english: error.to_string(), korean })
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
        assert_eq!(declined.remark(Language::En).as_deref(), Some("Cancelled, nothing was changed."));
        assert_eq!(declined.remark(Language::Ko).as_deref(), Some("취소했습니다. 바뀐 것은 없습니다."));
        assert_eq!(Failure::plain(ErrorCode::Cancelled).remark(Language::En), None, "Ctrl-C is none");
    }
}
