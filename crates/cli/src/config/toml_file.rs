//! Reads `naru.toml`, keeping the line of each key for messages.

use std::ops::Range;
use std::path::Path;

use naru_protocol::ErrorCode;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::key::{KEYS, Key, nearest};
use crate::config::layer::{Entry, Layer};
use crate::config::value::{Origin, Raw};
use crate::failure::Failure;
use crate::language::{Words, words};

/// The settings in the text of a `naru.toml`.
pub fn read(path: &Path, text: &str) -> Result<Layer, Failure> {
    let file = File { path, text };
    let root = DeTable::parse(text).map_err(|error| file.broken(&error))?;
    let mut layer = Layer::default();
    for (section, value) in root.get_ref() {
        file.read_section(section, value, &mut layer)?;
    }
    Ok(layer)
}

struct File<'a> {
    path: &'a Path,
    text: &'a str,
}

impl File<'_> {
    fn read_section(
        &self,
        section: &Spanned<impl AsRef<str>>,
        value: &Spanned<DeValue<'_>>,
        layer: &mut Layer,
    ) -> Result<(), Failure> {
        let name = section.get_ref().as_ref();
        let line = self.line(section.span());
        if !KEYS.iter().any(|key| key.section == name) {
            return Err(self.unknown_section(name, line));
        }
        let DeValue::Table(table) = value.get_ref() else {
            let problem = words!(
                "`{name}` is a section: write [{name}] and its keys below",
                "섹션의 이름입니다: `{name}`. [{name}] 아래에 키를 쓰십시오"
            );
            return Err(self.refuse(line, &problem));
        };
        for (key_name, value) in table {
            let line = self.line(key_name.span());
            let key = self.key(name, key_name.get_ref(), line)?;
            let origin = Origin::File { path: self.path.to_path_buf(), line: Some(line), name: key.path() };
            layer.set(key, Entry { raw: raw(value.get_ref()), origin });
        }
        Ok(())
    }

    fn key(&self, section: &str, name: &str, line: usize) -> Result<&'static Key, Failure> {
        let here = || KEYS.iter().filter(|key| key.section == section);
        if let Some(key) = here().find(|key| key.name == name) {
            return Ok(key);
        }
        let elsewhere = KEYS.iter().find(|key| key.name == name);
        let advice = match (nearest(name, here().map(|key| key.name)), elsewhere) {
            (_, Some(key)) => words!("it belongs to [{}]", "[{}]에 속한 키입니다", key.section),
            (Some(near), None) => did_you_mean(&format!("`{near}`")),
            (None, None) => allowed(here().map(|key| key.name)),
        };
        let Words { english, korean } = advice;
        let problem = words!(
            "unknown key `{name}` in [{section}]; {english}",
            "[{section}]에 없는 키입니다: `{name}`. {korean}"
        );
        Err(self.refuse(line, &problem))
    }

    fn unknown_section(&self, name: &str, line: usize) -> Failure {
        let mut sections: Vec<&str> = KEYS.iter().map(|key| key.section).collect();
        sections.dedup();
        let advice = match nearest(name, sections.iter().copied()) {
            Some(near) => did_you_mean(&format!("[{near}]")),
            None => allowed(sections.into_iter()),
        };
        let Words { english, korean } = advice;
        let problem = words!(
            "unknown section or key `{name}`; {english}",
            "없는 섹션 또는 키입니다: `{name}`. {korean}"
        );
        self.refuse(line, &problem)
    }

    fn broken(&self, error: &toml::de::Error) -> Failure {
        let line = self.line(error.span().unwrap_or_default());
        self.refuse(line, &words!("not TOML: {}", "TOML이 아닙니다: {}", error.message()))
    }

    fn refuse(&self, line: usize, problem: &Words) -> Failure {
        let (path, Words { english, korean }) = (self.path.display(), problem);
        Failure::new(ErrorCode::Config, words!("{path}:{line}: {english}", "{path}:{line}: {korean}"))
    }

    fn line(&self, span: Range<usize>) -> usize {
        let before = self.text.as_bytes().get(..span.start).unwrap_or_default();
        before.iter().filter(|byte| **byte == b'\n').count() + 1
    }
}

fn did_you_mean(near: &str) -> Words {
    words!("did you mean {near}?", "혹시 {near}입니까?")
}

fn allowed<'a>(names: impl Iterator<Item = &'a str>) -> Words {
    let names = joined(names);
    words!("allowed: {names}", "쓸 수 있는 이름: {names}")
}

fn joined<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn raw(value: &DeValue<'_>) -> Raw {
    match value {
        DeValue::String(text) => Raw::Text(text.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(Raw::Other("a number that is too large", "너무 큰 수"), Raw::Number),
        DeValue::Array(items) => texts(items.iter().map(Spanned::get_ref)),
        DeValue::Boolean(_) => Raw::Other("true or false", "참 또는 거짓"),
        DeValue::Float(_) => Raw::Other("a number with a fraction", "소수"),
        DeValue::Datetime(_) => Raw::Other("a date", "날짜"),
        DeValue::Table(_) => Raw::Other("a table", "표"),
    }
}

fn texts<'a, 'i: 'a>(items: impl Iterator<Item = &'a DeValue<'i>>) -> Raw {
    let texts: Option<Vec<String>> = items
        .map(|item| match item {
            DeValue::String(text) => Some(text.to_string()),
            _ => None,
        })
        .collect();
    texts.map_or(Raw::Other("a list that contains non-text items", "텍스트가 아닌 것이 든 목록"), Raw::List)
}
