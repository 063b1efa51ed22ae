//! Values on their way from a file, the environment or a flag to a setting.

use std::path::{Path, PathBuf};

use naru_protocol::{
    BucketName, Channel, DistributionId, Endpoint, ErrorCode, KeyPrefix, RegionName, expand_home,
};

use crate::config::key::{Key, Kind};
use crate::failure::Failure;
use crate::language::{Words, words};
use crate::quantity::parse_rate;

/// A value as written, before it is parsed.
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
            // A line break at the end of a value is what is wrong with it, and has to be seen.
            Self::Text(text) => Words::same(format!("\"{}\"", text.escape_debug())),
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

/// Parses a value for its key; the error says where it was set and what is allowed.
pub fn check(key: &Key, raw: &Raw, origin: &Origin) -> Result<Value, Failure> {
    let code = match origin {
        Origin::Flag(_) => ErrorCode::Usage,
        _ => ErrorCode::Config,
    };
    read(key.kind, raw).ok_or_else(|| Failure::new(code, not_allowed(key.kind, raw, origin)))
}

fn not_allowed(kind: Kind, raw: &Raw, origin: &Origin) -> Words {
    let raw = match raw {
        Raw::Text(text) if text.contains("://") && text.contains('@') => {
            words!("a URL with a user name or a password", "사용자 이름이나 비밀번호가 든 URL")
        }
        raw => raw.words(),
    };
    let (origin, allowed) = (origin.words(), kind.allowed());
    Words {
        english: format!("{} is {}; allowed: {}", origin.english, raw.english, allowed.english),
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
        Kind::Bucket => BucketName::is_valid(text),
        Kind::Prefix => KeyPrefix::is_valid(text),
        Kind::Region => RegionName::is_valid(text),
        Kind::Distribution => DistributionId::is_valid(text),
        Kind::Url => Endpoint::parse(text).is_ok(),
        Kind::Channel => text.parse::<Channel>().is_ok(),
        Kind::Folder => is_folder(text),
        Kind::Count(..) | Kind::Rate | Kind::Globs => false,
    }
}

/// Whether there is a home that `~` stands for is only known where the folder is used.
fn is_folder(text: &str) -> bool {
    let somewhere = expand_home(Path::new(text), Some(Path::new("/")));
    !text.trim().is_empty() && !text.contains(char::is_control) && somewhere.is_ok()
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
