//! Reads `naru.toml`, keeping the line of each key for messages.

use std::ops::Range;
use std::path::Path;

use naru_protocol::ErrorCode;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::key::{KEYS, Key, nearest};
use crate::config::layers::{Entry, Layer};
use crate::config::value::{Origin, Raw};
use crate::failure::Failure;

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
            return Err(
                self.refuse(line, &format!("`{name}` is a section: write [{name}] and its keys below"))
            );
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
        let problem = format!("unknown key `{name}` in [{section}]");
        let elsewhere = KEYS.iter().find(|key| key.name == name);
        let advice = match (nearest(name, here().map(|key| key.name)), elsewhere) {
            (_, Some(key)) => format!("; it belongs to [{}]", key.section),
            (Some(near), None) => format!("; did you mean `{near}`?"),
            (None, None) => format!("; allowed are {}", joined(here().map(|key| key.name))),
        };
        Err(self.refuse(line, &(problem + &advice)))
    }

    fn unknown_section(&self, name: &str, line: usize) -> Failure {
        let mut sections: Vec<&str> = KEYS.iter().map(|key| key.section).collect();
        sections.dedup();
        let advice = match nearest(name, sections.iter().copied()) {
            Some(near) => format!("did you mean [{near}]?"),
            None => format!("allowed are {}", joined(sections.into_iter())),
        };
        self.refuse(line, &format!("unknown section or key `{name}`; {advice}"))
    }

    fn broken(&self, error: &toml::de::Error) -> Failure {
        let line = self.line(error.span().unwrap_or_default());
        self.refuse(line, &format!("not TOML: {}", error.message()))
    }

    fn refuse(&self, line: usize, problem: &str) -> Failure {
        Failure::new(ErrorCode::Config, format!("{}:{line}: {problem}", self.path.display()))
    }

    fn line(&self, span: Range<usize>) -> usize {
        let before = self.text.as_bytes().get(..span.start).unwrap_or_default();
        before.iter().filter(|byte| **byte == b'\n').count() + 1
    }
}

fn joined<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn raw(value: &DeValue<'_>) -> Raw {
    match value {
        DeValue::String(text) => Raw::Text(text.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(Raw::Other("a number that is too large"), Raw::Number),
        DeValue::Array(items) => texts(items.iter().map(Spanned::get_ref)),
        DeValue::Boolean(_) => Raw::Other("true or false"),
        DeValue::Float(_) => Raw::Other("a number with a fraction"),
        DeValue::Datetime(_) => Raw::Other("a date"),
        DeValue::Table(_) => Raw::Other("a table"),
    }
}

fn texts<'a, 'i: 'a>(items: impl Iterator<Item = &'a DeValue<'i>>) -> Raw {
    let texts: Option<Vec<String>> = items
        .map(|item| match item {
            DeValue::String(text) => Some(text.to_string()),
            _ => None,
        })
        .collect();
    texts.map_or(Raw::Other("a list of other things than texts"), Raw::List)
}
