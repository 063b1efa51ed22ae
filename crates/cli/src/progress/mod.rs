//! The watcher of the engine's progress: bars for a person, lines for a program.

mod bar;
mod lines;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use naru_patcher::{Phase, PhaseProgress, ProgressSink, Silent, Total, Warning};
use naru_protocol::{Channel, RelPath};
use serde_json::json;

use crate::language::{Language, say};
use crate::output::Output;
use crate::progress::bar::Bar;
use crate::progress::lines::Lines;

/// Draws, prints or drops what the engine reports.
pub struct Watcher {
    output: Arc<Output>,
    released: AtomicBool,
}

impl Watcher {
    /// A watcher that speaks through `output`.
    pub fn new(output: Arc<Output>) -> Self {
        Self { output, released: AtomicBool::new(false) }
    }

    /// Whether a publish has come to the step that follows the pointer.
    pub fn is_released(&self) -> bool {
        self.released.load(Ordering::Relaxed)
    }

    /// Prints a warning by its published name.
    pub fn warn_about(&self, code: &str, path: Option<&str>, sentence: &str) {
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
        if phase == Phase::Invalidate {
            self.released.store(true, Ordering::Relaxed);
        }
        if self.output.json {
            Box::new(Lines::start(Arc::clone(&self.output), phase, total))
        } else if self.output.quiet {
            Silent.start(phase, total)
        } else {
            Box::new(Bar::start(&self.output, phase, total))
        }
    }

    fn warn(&self, warning: Warning) {
        let language = self.output.language;
        match warning {
            Warning::Release2017 => self.warn_about("release-2017", None, &release_2017(language)),
            Warning::KeptChanged { path, ours } => {
                let text = kept_changed(language, &path, ours.as_ref());
                self.warn_about("kept-changed", Some(path.as_str()), &text);
            }
            Warning::BrokenLedger { problem, channel } => {
                self.warn_about("broken-ledger", None, &broken_ledger(language, &problem, &channel));
            }
            Warning::MovedAside(name) => {
                self.warn_about("moved-aside", Some(&name), &moved_aside(language, &name));
            }
            Warning::ModeRefused(path) => {
                let path = path.to_string();
                self.warn_about("mode-refused", Some(&path), &mode_refused(language, &path));
            }
            Warning::SetAside { path, reason } => {
                let text = set_aside(language, &path, &reason);
                self.warn_about("set-aside", Some(path.as_str()), &text);
            }
            Warning::NotInvalidated(why) => {
                self.warn_about("not-invalidated", None, &not_invalidated(language, &why));
            }
            Warning::RefusedName(problem) => {
                self.warn_about("refused-name", None, &refused_name(language, &problem));
            }
            Warning::ReservedName(path) => {
                let path = path.to_string();
                self.warn_about("reserved-name", Some(&path), &reserved_name(language, &path));
            }
            Warning::EmptyFolders(folders) => {
                self.warn_about("empty-folders", None, &empty_folders(language, &folders));
            }
            Warning::LostObjects(keys) => {
                self.warn_about("lost-objects", None, &lost_objects(language, &keys));
            }
            Warning::NotFor2017(names) => {
                self.warn_about("not-for-2017", None, &not_for_2017(language, &names));
            }
            Warning::Secrets(names) => self.warn_about("secrets", None, &secrets(language, &names)),
            Warning::UnreadableRelease { version, problem } => {
                let sentence = unreadable_release(language, &version, &problem);
                self.warn_about("unreadable-release", None, &sentence);
            }
        }
    }
}

fn refused_name(language: Language, problem: &str) -> String {
    say!(
        language,
        "this file is not installed, for its name: {problem}",
        "이름 때문에 설치하지 않은 파일입니다: {problem}"
    )
}

fn broken_ledger(language: Language, problem: &str, channel: &Channel) -> String {
    say!(
        language,
        "the record of what is installed can't be read ({problem}), so which release this is is not known: every file is compared with the newest release of channel {channel}",
        "장부를 읽을 수 없어({problem}) 어느 릴리스가 설치되어 있는지 알 수 없습니다. 모든 파일을 {channel} 채널의 최신 릴리스와 비교합니다"
    )
}

fn mode_refused(language: Language, path: &str) -> String {
    say!(
        language,
        "the system does not let the executable bit of {path} be set; its bytes are right",
        "시스템이 {path}의 실행 권한을 바꾸지 못하게 합니다. 파일 내용은 올바릅니다"
    )
}

fn moved_aside(language: Language, name: &str) -> String {
    say!(
        language,
        "a file that is not the game's was in the way; it is {name} now",
        "게임에 속하지 않은 파일이 있던 자리입니다. 그 파일은 {name}에 옮겨 두었습니다"
    )
}

fn set_aside(language: Language, path: &RelPath, reason: &str) -> String {
    say!(
        language,
        "the update was finished without {path}, which the disk refuses to change ({reason}); `naru repair` tries again",
        "디스크가 {path} 변경을 거부해({reason}) 이 파일 없이 업데이트를 마쳤습니다. `naru repair`로 다시 시도하십시오"
    )
}

fn release_2017(language: Language) -> String {
    say!(
        language,
        "this release was published by the 2017 tool: its files are checked by MD5 only",
        "2017년 도구로 배포된 릴리스입니다. 파일을 MD5로만 검사합니다"
    )
}

fn kept_changed(language: Language, path: &RelPath, ours: Option<&RelPath>) -> String {
    match ours {
        Some(ours) => say!(
            language,
            "{path} was changed by you and by the release: yours stays, ours is {ours}",
            "{path}: 사용자와 릴리스가 모두 바꾼 파일입니다. 사용자의 파일은 그대로 두고 릴리스의 파일은 {ours}에 저장했습니다"
        ),
        None => say!(
            language,
            "{path} was changed by you and by the release: yours stays",
            "{path}: 사용자와 릴리스가 모두 바꾼 파일입니다. 사용자의 파일을 그대로 두었습니다"
        ),
    }
}

fn not_invalidated(language: Language, why: &str) -> String {
    say!(
        language,
        "the release is published, but the edge could not be told ({why}): players see it when the edge's copy expires",
        "릴리스는 배포되었지만 엣지에 알리지 못했습니다({why}). 엣지의 사본이 만료되면 플레이어가 받습니다"
    )
}

fn reserved_name(language: Language, path: &str) -> String {
    say!(
        language,
        "{path} is not published: at the top of a build this name is Naru's own. Name it in .naruignore, or rename it if the game needs it",
        "{path} 파일은 배포하지 않습니다. 빌드 폴더 맨 위에서 이 이름은 나루가 씁니다. .naruignore에 적거나, 게임에 필요한 파일이면 이름을 바꾸십시오"
    )
}

fn empty_folders(language: Language, folders: &[String]) -> String {
    let (count, few) = (folders.len(), few(language, folders));
    let plural = if count == 1 { "folder is" } else { "folders are" };
    say!(
        language,
        "{count} empty {plural} not published: {few}. Put a file in if the game needs one; .naruignore ends this warning",
        "빈 폴더 {count}개는 배포하지 않습니다: {few}. 게임에 필요하면 파일을 하나 넣으십시오. .naruignore에 적으면 이 경고가 나오지 않습니다"
    )
}

fn secrets(language: Language, names: &[String]) -> String {
    let few = few(language, names);
    say!(
        language,
        "these look like keys, passwords or histories, and every player gets them: {few}. Name them in .naruignore (or with `!` before the name, if they are meant)",
        "키, 암호, 이력으로 보이는 파일이 모든 플레이어에게 배포됩니다: {few}. .naruignore에 적으십시오(일부러 넣은 것이면 이름 앞에 `!`를 붙이십시오)"
    )
}

fn lost_objects(language: Language, keys: &[String]) -> String {
    let (count, few) = (keys.len(), few(language, keys));
    let are = if count == 1 { "object of the live release is" } else { "objects of the live release are" };
    say!(
        language,
        "{count} {are} missing or damaged in the bucket, so players can't install it whole: {few}. Publishing brings them back, under a new number",
        "현재 릴리스의 객체 {count}개가 버킷에 없거나 손상되어 플레이어가 온전히 설치할 수 없습니다: {few}. 배포하면 새 번호로 다시 올립니다"
    )
}

fn not_for_2017(language: Language, names: &[String]) -> String {
    let few = few(language, names);
    say!(
        language,
        "players who still have the 2017 client can't fetch these, because it does not encode `#`, `%`, `+` and `?` in a URL: {few}. Rename them if such players matter",
        "2017년 클라이언트는 URL에서 `#`, `%`, `+`, `?`를 인코딩하지 않으므로 다음 파일을 받지 못합니다: {few}. 그런 플레이어가 있다면 이름을 바꾸십시오"
    )
}

/// How many names a warning lists; the rest is counted.
const LISTED: usize = 5;

fn few(language: Language, names: &[String]) -> String {
    let listed = names.iter().take(LISTED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(LISTED) {
        0 => listed,
        more => say!(language, "{listed} and {more} more", "{listed} 외 {more}개"),
    }
}

fn unreadable_release(language: Language, version: &str, problem: &str) -> String {
    say!(
        language,
        "version {version} of version.json is left out, it can't be read: {problem}",
        "version.json에 읽을 수 없는 버전이 있어 건너뜁니다({version}): {problem}"
    )
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
        Phase::Gather => language.pick("checking what is here", "있는 데이터 확인 중"),
        Phase::Download => language.pick("downloading", "내려받는 중"),
        Phase::Apply => language.pick("installing", "설치 중"),
        Phase::Verify => language.pick("verifying", "검사 중"),
    }
}
