//! Releases that could not be published.

use naru_operations::chain;
use naru_patcher::{NotesError, PublishError};
use naru_protocol::Limits;

use super::store::{self, bad_document};
use super::{Entry, build};
use crate::language::{Words, with_particle, words};

/// A failed publish, rollback or list of releases.
pub fn failed(error: &PublishError) -> Entry {
    let entry = |korean: String| Entry::new(Words { english: chain(error), korean });
    match error {
        PublishError::Scan(error) => build::refused(error),
        PublishError::Store(error) => Entry::new(store::failed(error)),
        PublishError::Format(error) => entry(bad_document(error).korean),
        PublishError::BrokenPointer { key, source } => {
            entry(format!("{key}: {}", bad_document(source).korean)).hint(words!(
                "if a newer Naru wrote it, use that version; otherwise have the owner of the bucket delete {key} (its versions stay): the next publish continues with the number after the last release",
                "더 새로운 버전의 나루가 쓴 것이면 그 버전을 쓰십시오. 아니라면 버킷 소유자가 {key} 객체를 지우십시오(이전 버전은 남습니다). 다음 배포는 마지막 릴리스의 다음 번호로 이어집니다"
            ))
        }
        PublishError::Notes(error) => Entry::new(bad_notes(error)).hint(shorten_notes()),
        PublishError::Conflict { expected: Some(number) } => entry(format!(
            "릴리스 {} 바꾸려 했지만 그사이 다른 릴리스가 배포되었습니다",
            with_particle(*number, "을", "를")
        )),
        PublishError::Conflict { expected: None } => {
            entry("첫 릴리스여야 하는데 이미 다른 릴리스가 있습니다".into())
        }
        PublishError::Unclear { number, source } => entry(format!(
            "릴리스 {} 배포되었는지 알 수 없습니다: {}",
            with_particle(*number, "이", "가"),
            store::failed(source).korean
        )),
        PublishError::NoRelease { number } => {
            entry(format!("릴리스 {} 없습니다", with_particle(*number, "이", "가"))).hint(words!(
                "`naru releases` lists the numbers",
                "`naru releases`에서 릴리스 번호를 볼 수 있습니다"
            ))
        }
        PublishError::Release2017 { number } => entry(format!(
            "릴리스 {} 2017년 도구로 배포되어 되돌릴 수 없습니다",
            with_particle(*number, "은", "는")
        ))
        .hint(publish_again()),
        PublishError::Gone { number, key, version } => {
            let version = version.as_ref().map(|version| format!(" (버전 {version})")).unwrap_or_default();
            entry(format!("릴리스 {number}의 파일이 저장소에 모두 남아 있지 않습니다. 없는 파일: {key}{version}"))
                .hint(publish_again())
        }
        PublishError::ReadBack { key } => entry(format!("{key}: 다시 읽은 내용이 쓴 내용과 다릅니다")),
        PublishError::NoVersion { key } => entry(format!("{key}: 저장소가 버전을 알려 주지 않았습니다")),
    }
}

fn publish_again() -> Words {
    words!("publish that build folder again instead", "대신 그 빌드 폴더를 다시 배포하십시오")
}

/// Notes that do not fit.
pub fn bad_notes(error: &NotesError) -> Words {
    let korean = match error {
        NotesError::TooLong { bytes } => {
            format!("릴리스 노트가 너무 깁니다({bytes}바이트). 최대 {}바이트입니다", Limits::NOTES)
        }
        NotesError::TooLongAsJson { bytes } => format!(
            "릴리스 노트에 줄 바꿈, 따옴표, 제어 문자가 너무 많습니다(JSON으로 {bytes}바이트). 최대 {}바이트입니다",
            Limits::NOTES_ESCAPED
        ),
    };
    Words { english: error.to_string(), korean }
}

/// What to do about them.
pub fn shorten_notes() -> Words {
    words!("shorten the notes", "릴리스 노트를 줄이십시오")
}
