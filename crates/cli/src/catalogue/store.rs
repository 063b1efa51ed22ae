//! Failures of a store, and documents that break their format.

use std::error::Error;

use naru_protocol::FormatError;
use naru_store::{FailureKind, StoreError};

use crate::language::Words;

/// A store that failed. What its libraries say below is the same in many layers; only another failure
/// of a store adds something.
pub fn failed(error: &StoreError) -> Words {
    let below = error.source().and_then(|below| below.downcast_ref::<StoreError>());
    let mut english = error.to_string();
    if let Some(below) = below {
        english.push_str(&format!(" ({})", below.detail));
    }
    Words { english, korean: korean(error) }
}

/// In brackets, the server's own words.
fn korean(error: &StoreError) -> String {
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
    format!("{place}{key} {}: {what} ({})", operation_noun(error.operation), error.detail)
}

/// A document that breaks its format.
pub fn bad_document(error: &FormatError) -> Words {
    let korean = format!("올바르지 않은 문서({}): {}", error.what, error.problem);
    Words { english: error.to_string(), korean }
}

/// The Korean noun for what was done with a file or an object.
pub fn operation_noun(english: &str) -> &str {
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn sources(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).expect("the engine is beside").flatten();
        let text = |path: std::path::PathBuf| match path.is_dir() {
            true => sources(&path),
            false => std::fs::read_to_string(path).into_iter().collect(),
        };
        entries.flat_map(|entry| text(entry.path())).collect()
    }

    #[test]
    fn the_operations_of_the_engine_have_korean_nouns() {
        let sources = sources(concat!(env!("CARGO_MANIFEST_DIR"), "/../patcher/src").as_ref());
        let named = sources.iter().flat_map(|text| text.split("UpdateError::io(\"").skip(1));
        let named: Vec<&str> = named.filter_map(|rest| rest.split('"').next()).collect();
        assert!(named.len() > 40, "the engine names what it did: {named:?}");
        for name in named {
            assert_ne!(operation_noun(name), name, "a Korean reader must not meet an English word");
        }
    }

    #[test]
    fn what_the_libraries_below_say_is_left_out() {
        let mut error =
            StoreError::new("get", "k", FailureKind::Retryable, "no connection: refused").in_store("s3://b/");
        error.source = Some("dispatch failure: io error: client error (Connect)".into());
        assert_eq!(failed(&error).english, "get s3://b/k: no connection: refused");
        error.source = Some(Box::new(StoreError::new("put", "k", FailureKind::Unsupported, "501")));
        assert!(failed(&error).english.ends_with("(501)"), "what another call was answered is news");
    }
}
