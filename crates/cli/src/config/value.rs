//! Values on their way from a file, the environment or a flag to a setting.

use std::path::PathBuf;

use naru_protocol::{Channel, ErrorCode};

use crate::config::key::{Key, Kind};
use crate::failure::Failure;
use crate::language::{Words, words};
use crate::quantity::parse_rate;

/// A value as it was written, before anybody asked what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Raw {
    /// A text; also what the environment and flags hold.
    Text(String),
    /// A whole number.
    Number(i64),
    /// A list of texts.
    List(Vec<String>),
    /// Something that no setting is, in English and Korean.
    Other(&'static str, &'static str),
}

impl Raw {
    fn words(&self) -> Words {
        match self {
            Self::Text(text) => Words::same(format!("\"{text}\"")),
            Self::Number(number) => Words::same(number.to_string()),
            Self::List(items) => Words::same(format!("{items:?}")),
            Self::Other(english, korean) => words!("{english}", "{korean}"),
        }
    }
}

/// Where a value was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Compiled in.
    Default,
    /// A file, and the line in it where the format has lines.
    File {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: Option<usize>,
        /// The key as that file calls it.
        name: String,
    },
    /// An environment variable.
    Env(&'static str),
    /// A command-line option.
    Flag(&'static str),
}

impl Origin {
    fn words(&self) -> Words {
        match self {
            Self::Default => words!("built-in default", "기본값"),
            Self::File { path, line: Some(line), name } => {
                Words::same(format!("{}:{line}: {name}", path.display()))
            }
            Self::File { path, line: None, name } => Words::same(format!("{}: {name}", path.display())),
            Self::Env(name) => words!("environment variable {name}", "환경 변수 {name}"),
            Self::Flag(name) => words!("option {name}", "옵션 {name}"),
        }
    }
}

/// A value that may be what its key allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text, URL, prefix, folder or channel.
    Text(String),
    /// A count.
    Count(u64),
    /// Bytes per second.
    Rate(Option<u64>),
    /// Patterns.
    Globs(Vec<String>),
}

/// Reads a value as its key asks, or says where it stands and what is allowed.
pub fn check(key: &Key, raw: &Raw, origin: &Origin) -> Result<Value, Failure> {
    let code = match origin {
        Origin::Flag(_) => ErrorCode::Usage,
        _ => ErrorCode::Config,
    };
    read(key.kind, raw).ok_or_else(|| Failure::new(code, not_allowed(key.kind, raw, origin)))
}

fn not_allowed(kind: Kind, raw: &Raw, origin: &Origin) -> Words {
    let (origin, raw, allowed) = (origin.words(), raw.words(), kind.allowed());
    Words {
        english: format!("{} is {}; allowed is {}", origin.english, raw.english, allowed.english),
        korean: format!("{} 값이 {}입니다. 쓸 수 있는 값: {}", origin.korean, raw.korean, allowed.korean),
    }
}

fn read(kind: Kind, raw: &Raw) -> Option<Value> {
    match (kind, raw) {
        (Kind::Globs, Raw::List(items)) => globs(items.clone()),
        (Kind::Globs, Raw::Text(text)) => globs(comma_separated(text)),
        (Kind::Count(least, most), _) => number(raw).filter(|n| (least..=most).contains(n)).map(Value::Count),
        (Kind::Rate, Raw::Text(text)) => parse_rate(text).ok().map(Value::Rate),
        (Kind::Rate, Raw::Number(_)) => number(raw).map(|rate| Value::Rate((rate > 0).then_some(rate))),
        (_, Raw::Text(text)) => text_is(kind, text).then(|| Value::Text(text.clone())),
        _ => None,
    }
}

fn globs(patterns: Vec<String>) -> Option<Value> {
    patterns
        .iter()
        .all(|pattern| naru_patcher::check_pattern(pattern).is_ok())
        .then_some(Value::Globs(patterns))
}

fn text_is(kind: Kind, text: &str) -> bool {
    match kind {
        Kind::Prefix => true,
        Kind::Url => is_url(text),
        Kind::Channel => text.parse::<Channel>().is_ok(),
        _ => !text.trim().is_empty(),
    }
}

fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let host = rest.split('/').next().unwrap_or_default();
        !host.is_empty() && !rest.contains(char::is_whitespace)
    })
}

fn number(raw: &Raw) -> Option<u64> {
    match raw {
        Raw::Number(number) => u64::try_from(*number).ok(),
        Raw::Text(text) => text.parse().ok(),
        _ => None,
    }
}

fn comma_separated(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(Into::into).collect()
}
