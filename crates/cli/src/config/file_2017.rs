//! Reads the `config.json` of the 2017 client and publisher.

use std::path::Path;

use naru_protocol::ErrorCode;
use serde_json::{Map, Value as Json};

use crate::config::key::{KEYS, OTHER_KEYS_2017, nearest};
use crate::config::layer::{Entry, Layer};
use crate::config::value::{Origin, Raw};
use crate::failure::Failure;
use crate::language::words;

/// The settings in the text of a `config.json`; `None` where it is another program's file, as
/// many are called so.
pub fn read(path: &Path, text: &str) -> Result<Option<Layer>, Failure> {
    let Some(object) = ours(path, text)? else {
        return Ok(None);
    };
    let mut layer = Layer::default();
    for (name, value) in &object {
        let Some(key) = KEYS.iter().find(|key| key.name_2017 == Some(name)) else {
            refuse_misspelling(path, name, &object)?;
            continue;
        };
        // The 2017 sample ships with empty values to be filled in.
        if value.as_str() == Some("") {
            continue;
        }
        let origin = Origin::File { path: path.to_path_buf(), line: None, name: name.clone() };
        layer.set(key, Entry { raw: raw(value), origin });
    }
    Ok(Some(layer))
}

/// Keys that no other program's `config.json` has.
const TELLING: [&str; 4] = ["bucketname", "uploadprefix", "cloudfrontURL", "cloudfrontDistributionId"];

fn ours(path: &Path, text: &str) -> Result<Option<Map<String, Json>>, Failure> {
    match serde_json::from_str(text) {
        Ok(Json::Object(object)) => {
            let is_ours = TELLING.iter().any(|name| object.contains_key(*name));
            Ok(is_ours.then_some(object))
        }
        Ok(_) => Ok(None),
        // A file that names our settings and breaks the syntax is not another program's.
        Err(error) if TELLING.iter().any(|name| text.contains(&format!("\"{name}\""))) => {
            Err(broken(path, &error))
        }
        Err(_) => Ok(None),
    }
}

fn broken(path: &Path, error: &serde_json::Error) -> Failure {
    let (path, line, column) = (path.display(), error.line(), error.column());
    Failure::new(
        ErrorCode::Config,
        words!(
            "{path}:{line}: not JSON: {error}",
            "{path}:{line}: JSON이 아닙니다({column}번째 글자): {error}"
        ),
    )
}

/// A studio may have added its own keys, which are ignored; one that resembles a missing key of ours is a
/// misspelling.
fn refuse_misspelling(path: &Path, name: &str, object: &Map<String, Json>) -> Result<(), Failure> {
    if OTHER_KEYS_2017.contains(&name) {
        return Ok(());
    }
    let missing = KEYS.iter().filter_map(|key| key.name_2017).filter(|known| !object.contains_key(*known));
    match nearest(name, missing) {
        None => Ok(()),
        Some(near) => Err(Failure::new(
            ErrorCode::Config,
            words!(
                "{}: unknown key `{name}`; did you mean `{near}`?",
                "{}: 없는 키입니다: `{name}`. 혹시 `{near}`입니까?",
                path.display()
            ),
        )),
    }
}

fn raw(value: &Json) -> Raw {
    match value {
        Json::String(text) => Raw::Text(text.clone()),
        Json::Number(number) => number.as_i64().map_or(Raw::Other("a number", "정수가 아닌 수"), Raw::Number),
        Json::Bool(_) => Raw::Other("true or false", "참 또는 거짓"),
        Json::Null => Raw::Other("null", "null"),
        Json::Array(_) => Raw::Other("a list", "목록"),
        Json::Object(_) => Raw::Other("an object", "객체"),
    }
}
