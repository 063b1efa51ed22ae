//! The engine's errors in Korean. The system's and a server's own words stay as they are.

use std::path::Path;

use naru_patcher::{Intruder, NotesError, PublishError, ScanError, TextProblem, UpdateError};
use naru_protocol::{FormatError, Limits, NameClash, NameError, NameProblem, differ_in_case};
use naru_store::{FailureKind, StoreError};

use crate::failure::chain;
use crate::language::with_particle;
use crate::quantity::bytes;

/// A failed publish.
pub fn of_publish(error: &PublishError) -> String {
    match error {
        PublishError::Scan(error) => of_scan(error),
        PublishError::Store(error) => of_store(error),
        PublishError::Format(error) => of_format(error),
        PublishError::BrokenPointer { key, source } => format!("{key}: {}", of_format(source)),
        PublishError::Notes(error) => of_notes(error),
        PublishError::Conflict { expected: Some(number) } => {
            format!(
                "릴리스 {} 바꾸려 했지만 그사이 채널에 다른 릴리스가 배포되었습니다",
                with_particle(*number, "을", "를")
            )
        }
        PublishError::Conflict { expected: None } => {
            "첫 릴리스여야 하는데 이미 다른 릴리스가 있습니다".into()
        }
        PublishError::Unclear { number, source } => {
            format!(
                "릴리스 {} 배포되었는지 알 수 없습니다: {}",
                with_particle(*number, "이", "가"),
                of_store(source)
            )
        }
        PublishError::NoRelease { number } => {
            format!("릴리스 {} 없습니다", with_particle(*number, "이", "가"))
        }
        PublishError::Release2017 { number } => {
            format!("릴리스 {} 2017년 도구로 배포되어 되돌릴 수 없습니다", with_particle(*number, "은", "는"))
        }
        PublishError::Gone { number, key, version } => {
            let version = version.as_ref().map(|version| format!(" (버전 {version})")).unwrap_or_default();
            format!("릴리스 {number}의 파일이 저장소에 모두 남아 있지 않습니다. 없는 파일: {key}{version}")
        }
        PublishError::ReadBack { key } => format!("{key}: 다시 읽은 내용이 쓴 내용과 다릅니다"),
        PublishError::NoVersion { key } => format!("{key}: 저장소가 버전을 알려 주지 않았습니다"),
    }
}

/// A failed update.
pub fn of_update(error: &UpdateError) -> String {
    match error {
        UpdateError::Io { operation: what, path, source } => {
            at(path, format!("{}: {source}", operation(what)))
        }
        UpdateError::Intruder { path, intruder } => at(path, of_intruder(*intruder)),
        UpdateError::Store(error) => of_store(error),
        UpdateError::Format(error) => of_format(error),
        UpdateError::BrokenPointer { key, source } => format!("{key}: {}", of_format(source)),
        UpdateError::Scan(error) => of_scan(error),
        UpdateError::Ledger { path, source } => at(path, format!("장부를 쓸 수 없습니다: {}", chain(source))),
        UpdateError::BrokenLedger { path, problem } => {
            at(path, format!("장부를 읽을 수 없습니다: {problem}"))
        }
        UpdateError::StageTouched { path } => at(path, "업데이트 도중에 지워지거나 바뀌었습니다"),
        UpdateError::NewerLedger { path, format } => {
            at(path, format!("장부의 형식이 {format}입니다. 이 버전의 나루는 읽을 수 없습니다"))
        }
        UpdateError::NothingPublished { at } => format!("{at}: 아직 배포된 릴리스가 없습니다"),
        UpdateError::NotForThisSystem { number } => {
            format!("릴리스 {number}에는 이 시스템용 파일이 없습니다")
        }
        UpdateError::OlderRelease { installed, offered } => {
            format!("설치된 릴리스는 {installed}, 서버의 릴리스는 {offered}입니다")
        }
        UpdateError::SameNumberOtherContent { number } => {
            format!("서버의 릴리스 {number}에 들어 있는 내용이 설치된 릴리스 {number}의 내용과 다릅니다")
        }
        UpdateError::Corrupt { path, tries } => {
            format!("{path}: {tries}번 받았지만 매번 손상되어 있었습니다")
        }
        UpdateError::NoSpace { path, needed, available } => {
            at(path, format!("필요한 공간 {}, 남은 공간 {}", bytes(*needed), bytes(*available)))
        }
        UpdateError::NoInodes { path, needed, available } => at(
            path,
            format!("더 만들어야 할 파일과 폴더 {needed}개, 디스크에 더 만들 수 있는 것 {available}개"),
        ),
        UpdateError::OtherMount { path } => at(path, "게임의 나머지 부분과 다른 디스크나 마운트에 있습니다"),
        UpdateError::Busy { path } => at(path, "다른 나루가 작업 중입니다"),
        UpdateError::ClaimedElsewhere { path } => {
            at(path, "다른 컴퓨터의 나루, 또는 다시 시작하기 전의 나루가 남긴 파일입니다")
        }
        UpdateError::NotAFolder { path } => at(path, "폴더가 아니라 파일입니다"),
        UpdateError::LinkInTheWay { path } => at(path, "폴더가 있어야 할 곳에 링크가 있습니다"),
        UpdateError::InTheWay { path } => at(path, "릴리스의 파일이 들어갈 자리를 차지하고 있습니다"),
        UpdateError::Changing { path } => at(path, "업데이트를 준비하는 동안 계속 바뀝니다"),
        UpdateError::OtherChannel { wanted, offered } => {
            format!("채널 {wanted}의 릴리스를 요청했지만 서버에는 채널 {offered}의 릴리스가 있습니다")
        }
        UpdateError::Stopped => "작업을 멈췄습니다".into(),
        UpdateError::NotInstalled { path } => at(path, "설치된 것이 없습니다"),
        UpdateError::Journal { path } => at(path, "업데이트 기록을 읽을 수 없습니다"),
    }
}

/// What lies where Naru keeps its own files.
fn of_intruder(intruder: Intruder) -> &'static str {
    match intruder {
        Intruder::Link => "나루의 파일이 있어야 할 곳에 링크가 있습니다",
        Intruder::Mount => "나루의 폴더 안에 다른 폴더나 파일이 마운트되어 있습니다",
        Intruder::File => "나루의 폴더가 있어야 할 곳에 파일이 있습니다",
        Intruder::Folder => "나루의 파일이 있어야 할 곳에 폴더가 있습니다",
        Intruder::Special => "나루의 파일이 있어야 할 곳에 파이프, 소켓 또는 장치가 있습니다",
        Intruder::Depth => "폴더 안에 폴더가 너무 많이 겹쳐 있습니다",
    }
}

/// A build folder that can't be published.
pub fn of_scan(error: &ScanError) -> String {
    match error {
        ScanError::Io { path, source } => at(path, format!("읽기: {source}")),
        ScanError::Entries(entries) => format!("배포할 수 없는 항목 {}개", entries.len()),
        ScanError::Vanished { path } => at(path, "빌드를 읽는 동안 없어졌습니다"),
        ScanError::Text { path, problem } => at(path, of_text(*problem)),
        ScanError::Changing { path } => at(path, "읽는 동안 계속 바뀝니다"),
        ScanError::Ignore { path, problem } => at(path, problem),
        ScanError::Pattern { pattern, problem } => format!("패턴 `{pattern}`: {problem}"),
        ScanError::Manifest(error) => of_format(error),
        ScanError::NoFolder(path) => at(path, "그런 폴더가 없습니다"),
        ScanError::Empty(path) => at(path, "배포할 파일이 없습니다"),
        ScanError::AllIgnored { path, files } => {
            at(path, format!("폴더의 모든 파일({files}개)을 제외합니다"))
        }
    }
}

/// What is wrong with a text file.
pub fn of_text(problem: TextProblem) -> &'static str {
    match problem {
        TextProblem::Link => "심볼릭 링크입니다",
        TextProblem::NotAFile => "파일이 아닙니다",
        TextProblem::TooLong => "너무 큽니다. 한도는 1 MiB입니다",
        TextProblem::Utf16 => "UTF-16 텍스트이거나 일부가 UTF-16입니다",
        TextProblem::NotUtf8 => "UTF-8 텍스트가 아닙니다",
    }
}

/// Names that are one on some system.
pub fn of_clash(clash: &NameClash) -> String {
    match clash {
        NameClash::Files { one, other } => {
            format!(
                "{one}, {other}: {} Windows와 macOS에서는 같은 파일입니다",
                only(one.as_str(), other.as_str())
            )
        }
        NameClash::Forms { path } => {
            format!(
                "{path}: 같은 이름이 합쳐진 글자(NFC)와 자모가 나뉜 글자(NFD)로 두 번 있습니다. 하나만 남기십시오"
            )
        }
        NameClash::Folders { one, other } => {
            format!("{one}, {other}: {} Windows와 macOS에서는 같은 폴더입니다", only(one, other))
        }
        NameClash::FileAndFolder { file, inner } => {
            format!("{file}: 파일인데 {inner} 파일이 들어갈 폴더와 이름이 같습니다")
        }
    }
}

fn only(one: &str, other: &str) -> &'static str {
    if differ_in_case(one, other) { "대소문자만 달라" } else { "글자의 폭이나 모양만 달라" }
}

/// A name that some system can't hold.
pub fn of_name(error: &NameError) -> String {
    let problem = match error.problem {
        NameProblem::Empty => "비어 있는 부분이 있습니다".into(),
        NameProblem::Dots => "`.` 또는 `..`이 들어 있습니다".into(),
        NameProblem::TooLong => "일부 시스템에는 너무 깁니다".into(),
        NameProblem::NotUnicode => "UTF-8로 된 이름이 아닙니다".into(),
        NameProblem::ForbiddenCharacter(character) => {
            let code = character as u32;
            format!("Windows에서 쓸 수 없는 문자 \"{}\" (U+{code:04X})", character.escape_debug())
        }
        NameProblem::InvisibleCharacter(character) => {
            format!("보이지 않거나 정의되지 않은 문자 U+{:04X}", character as u32)
        }
        NameProblem::TrailingDotOrSpace => "이름 끝에 점이나 공백이 있습니다".into(),
        NameProblem::DeviceName => "Windows의 장치 이름입니다".into(),
        NameProblem::ShortName => "Windows의 짧은 이름처럼 보입니다".into(),
        NameProblem::NotNfc => "유니코드 정규형 C가 아닙니다".into(),
        NameProblem::Reserved => "`.naru`는 나루가 쓰는 폴더입니다".into(),
    };
    format!("{:?}: {problem}", error.path)
}

/// Notes that do not fit.
pub fn of_notes(error: &NotesError) -> String {
    match error {
        NotesError::TooLong { bytes } => {
            format!("릴리스 노트가 너무 깁니다({bytes}바이트). 최대 {}바이트입니다", Limits::NOTES)
        }
        NotesError::TooLongAsJson { bytes } => format!(
            "릴리스 노트에 줄 바꿈, 따옴표, 제어 문자가 너무 많습니다(JSON으로 {bytes}바이트). 최대 {}바이트입니다",
            Limits::NOTES_ESCAPED
        ),
    }
}

/// A document that breaks its format.
pub fn of_format(error: &FormatError) -> String {
    format!("올바르지 않은 문서({}): {}", error.what, error.problem)
}

/// A store that failed; in brackets, its own words.
pub fn of_store(error: &StoreError) -> String {
    let what = match (error.kind, error.status) {
        (FailureKind::NotFound, _) => "없습니다",
        (FailureKind::NoBucket, _) => "그런 버킷이 없습니다",
        (FailureKind::Denied | FailureKind::WrongKey, _) => "서버가 거부했습니다",
        (FailureKind::NoCredentials, _) => "쓸 수 있는 AWS 자격 증명이 없습니다",
        (FailureKind::BadSource, _) => "보낼 파일이 없어졌거나 바뀌었거나 읽을 수 없습니다",
        (FailureKind::WrongClock, _) => "이 컴퓨터의 시계와 서버의 시계가 맞지 않습니다",
        (FailureKind::Precondition, _) => "쓰기 조건이 맞지 않습니다",
        (FailureKind::Unsupported, _) => "서버가 지원하지 않습니다",
        (FailureKind::Retryable, None) => "연결이 안 되거나 끊겼습니다",
        (FailureKind::Retryable, Some(_)) => "서버에 일시적인 문제가 있습니다",
        (FailureKind::BadAnswer, _) => "서버의 응답이 올바르지 않습니다",
        (FailureKind::Fatal, _) => "실패했습니다",
    };
    let (place, key) = (error.at.as_deref().unwrap_or_default(), &error.key);
    format!("{place}{key} {}: {what} ({})", operation(error.operation), error.detail)
}

/// The noun for what was done with a file or an object.
pub fn operation(english: &str) -> &str {
    match english {
        "get" | "reading" => "읽기",
        "put" | "writing" => "쓰기",
        "list" | "listing" => "목록 조회",
        "copy" => "복사",
        "stat" | "head" | "looking at" => "조회",
        "check" => "기능 확인",
        "invalidate" => "무효화",
        "open" | "opening" => "열기",
        "flushing" => "디스크에 기록",
        "locking" => "잠금",
        "making" => "만들기",
        "moving aside" => "옮기기",
        "preparing" => "준비",
        "putting in place" => "설치",
        "removing" => "삭제",
        "setting the mode of" => "권한 설정",
        other => other,
    }
}

fn at(path: &Path, text: impl std::fmt::Display) -> String {
    format!("{}: {text}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operations_of_the_engine_have_korean_nouns() {
        let engine = concat!(env!("CARGO_MANIFEST_DIR"), "/../patcher/src");
        let files = std::fs::read_dir(engine).expect("the engine is beside").flatten();
        let sources = files.filter_map(|file| std::fs::read_to_string(file.path()).ok());
        let sources: Vec<String> = sources.collect();
        let named = sources.iter().flat_map(|text| text.split("UpdateError::io(\"").skip(1));
        let named: Vec<&str> = named.filter_map(|rest| rest.split('"').next()).collect();
        assert!(named.len() > 40, "the engine names what it did: {named:?}");
        for name in named {
            assert_ne!(operation(name), name, "a Korean reader must not meet an English word");
        }
    }

    #[test]
    fn a_refused_name_shows_the_character() {
        let error = NameError { path: "a:b".into(), problem: NameProblem::ForbiddenCharacter(':') };
        assert_eq!(of_name(&error), r#""a:b": Windows에서 쓸 수 없는 문자 ":" (U+003A)"#);
    }
}
