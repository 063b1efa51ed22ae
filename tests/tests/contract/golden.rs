//! One pair of committed files: the contract, and the sentences out of it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

/// Fields of JSON that hold a sentence for people.
const WORDS: [&str; 5] = ["message", "detail", "hint", "state", "title"];

/// Lines of a difference that a failure shows; `git diff` shows all, once the files are written.
const SHOWN: usize = 20;

/// What a test saw, to be held against the files of its name.
pub struct Golden {
    name: &'static str,
    contract: String,
    words: String,
    /// Texts that differ from run to run, and what stands for them.
    shown: BTreeMap<String, String>,
    /// Fields of JSON whose values differ from run to run.
    varying: &'static [&'static str],
}

impl Golden {
    pub fn new(name: &'static str, varying: &'static [&'static str]) -> Self {
        Self { name, contract: String::new(), words: String::new(), shown: BTreeMap::new(), varying }
    }

    /// Shows `name` wherever `text` stands.
    pub fn show(&mut self, text: &str, name: &str) {
        self.shown.insert(text.to_owned(), name.to_owned());
    }

    /// What comes next, in both files.
    pub fn heading(&mut self, text: &str) {
        let text = self.named(text);
        self.contract.push_str(&format!("\n{text}\n"));
        self.words.push_str(&format!("\n{text}\n"));
    }

    /// A line of the contract.
    pub fn line(&mut self, text: &str) {
        let text = self.named(text);
        self.contract.push_str(&format!("{text}\n"));
    }

    /// A line for people.
    pub fn sentence(&mut self, text: &str) {
        let text = self.named(text);
        self.words.push_str(&format!("  {text}\n"));
    }

    /// A line of JSON as it came, byte for byte, but for sentences and what differs from run to run.
    pub fn json(&mut self, line: &str) {
        let value: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let mut shown = line.to_owned();
        let mut sentences = Vec::new();
        for (key, value) in fields(&value) {
            let stand_in = if WORDS.contains(&key) && value.is_string() {
                sentences.push(format!("{key}: {}", value.as_str().unwrap_or_default()));
                "words"
            } else if self.varying.contains(&key) && !value.is_null() {
                kind(value)
            } else {
                continue;
            };
            let found = format!("\"{key}\":{value}");
            assert!(shown.contains(&found), "{key} is written in another way than it is read: {line}");
            shown = shown.replacen(&found, &format!("\"{key}\":<{stand_in}>"), 1);
        }
        self.line(&shown);
        sentences.iter().for_each(|sentence| self.sentence(sentence));
    }

    fn named(&self, text: &str) -> String {
        // The longest first: one may be part of another.
        let mut shown: Vec<_> = self.shown.iter().collect();
        shown.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        let text = shown.into_iter().fold(text.to_owned(), |text, (found, name)| text.replace(found, name));
        // A store makes up the ids of versions, and a list of locations is named by a digest over them. How
        // long ago a run was issued depends on this machine.
        ["/locations/", "versionId=", "in its version ", "the run was issued "]
            .into_iter()
            .fold(text, |text, before| without_ids(&text, before))
    }

    /// Holds what was seen against the files, or writes them.
    pub fn check(self) {
        let mode = std::env::var("NARU_CONTRACT_WRITE").unwrap_or_default();
        let contract = differences(&self.path("txt"), &self.contract, mode == "1");
        let words = differences(&self.path("words.txt"), &self.words, mode == "1" || mode == "words");
        assert!(
            contract.is_empty(),
            "the contract has changed, and somebody relies on it. In {}:\n{contract}",
            self.path("txt").display()
        );
        assert!(
            words.is_empty(),
            "only sentences have changed: NARU_CONTRACT_WRITE=words accepts them. In {}:\n{words}",
            self.path("words.txt").display()
        );
    }

    fn path(&self, ending: &str) -> PathBuf {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("contract");
        folder.join(format!("{}.{ending}", self.name))
    }
}

/// The text with `<id>` in place of each word that stands behind `before`.
fn without_ids(text: &str, before: &str) -> String {
    let is_of_id = |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
    let mut parts = text.split(before);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| {
        let rest = part.trim_start_matches(is_of_id);
        let id = if rest.len() == part.len() { "" } else { "<id>" };
        format!("{all}{before}{id}{rest}")
    })
}

/// All fields of a value and of what is in it, in the order of their names.
fn fields(value: &Value) -> Vec<(&str, &Value)> {
    match value {
        Value::Object(object) => object
            .iter()
            .flat_map(|(key, inner)| std::iter::once((key.as_str(), inner)).chain(fields(inner)))
            .collect(),
        Value::Array(items) => items.iter().flat_map(fields).collect(),
        _ => Vec::new(),
    }
}

/// The kind of a value is contract also where the value is not.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "text",
        Value::Number(_) => "number",
        Value::Bool(_) => "bool",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
        Value::Null => "null",
    }
}

/// The lines that a file and what was seen do not share; none after the file was written.
fn differences(file: &PathBuf, seen: &str, write: bool) -> String {
    if write {
        std::fs::write(file, seen).unwrap();
    }
    let kept = std::fs::read_to_string(file).unwrap_or_default();
    if kept == seen {
        return String::new();
    }
    let (mut kept, mut seen): (Vec<_>, Vec<_>) = (kept.lines().collect(), seen.lines().collect());
    let begin = kept.iter().zip(&seen).take_while(|(one, other)| one == other).count();
    let heading = kept[..begin].iter().rfind(|line| is_heading(line)).copied().unwrap_or_default();
    let end = kept[begin..].iter().rev().zip(seen[begin..].iter().rev());
    let end = end.take_while(|(one, other)| one == other).count();
    kept.truncate(kept.len() - end);
    seen.truncate(seen.len() - end);
    let lines = |sign: &str, lines: &[&str]| {
        lines.iter().take(SHOWN).map(|line| format!("{sign} {line}\n")).collect::<String>()
    };
    format!("  {heading}\n{}{}", lines("-", &kept[begin..]), lines("+", &seen[begin..]))
}

fn is_heading(line: &str) -> bool {
    line.starts_with(['$', '>', '#'])
}
