//! Documents and messages use plain words and the terms of `docs/glossary.md`. What was replaced once must
//! not come back.

use std::fs;
use std::path::{Path, PathBuf};

/// Words that readers stumbled over, and what to write instead.
const AVOID: &[(&str, &str)] = &[
    ("whoever", "name the person: the player, the publisher, the caller"),
    ("nobody", "say what is not possible, or not done"),
    ("mend", "fix, or repair"),
    ("mends", "fixes, or repairs"),
    ("mended", "fixed, or repaired"),
    ("wound", "damage"),
    ("wounds", "damage"),
    ("so many bytes", "N bytes, or a rate"),
    ("in vain", "say what failed"),
    ("again and again", "keeps failing"),
    ("sign of life", "game process lock"),
    ("장부", "설치 기록"),
];

/// Names of types and modules that were given the field's own.
const OLD_NAMES: &[(&str, &str)] = &[
    ("Looker", "PathProbe"),
    ("SignOfLife", "GameProcessLock"),
    ("stand_apart", "classify"),
    ("check_offer", "rollback_guard"),
    ("Surroundings", "Environment"),
    ("Crossing", "ProgressBar"),
];

/// Terms that only a glossary and a document about formats may explain.
const EXPLAINED: &[(&str, &str)] = &[("docs/glossary.md", "wound"), ("docs/publishing.md", "wound")];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_path_buf()
}

/// All files below a folder whose names end so.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && entry.file_name() != "node_modules" {
            found.extend(files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// A document without its code: no fenced blocks, nothing between backticks.
fn prose_of_markdown(text: &str) -> String {
    let outside = text.split("```").step_by(2).collect::<Vec<_>>().join("\n");
    outside.split('`').step_by(2).collect::<Vec<_>>().join(" ")
}

/// The texts of a Rust file outside its tests: literals with a space in them.
fn texts_of_rust(text: &str) -> String {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code = lines.collect::<Vec<_>>().join("\n").replace("\\\"", "'").replace("'\"'", "' '");
    let literals = code.split('"').skip(1).step_by(2).filter(|text| text.contains(' '));
    literals.collect::<Vec<_>>().join("\n")
}

/// The texts of the page's sentence files: each line from its first quote on.
fn texts_of_typescript(text: &str) -> String {
    let quoted = text.lines().filter_map(|line| Some(&line[line.find(['\'', '`', '"'])?..]));
    quoted.collect::<Vec<_>>().join("\n")
}

/// What a reader of the repository or a user of the programs meets, with the file that says it.
fn readable() -> Vec<(String, String)> {
    let root = root();
    let mut texts = Vec::new();
    let mut add = |paths: Vec<PathBuf>, read: fn(&str) -> String| {
        for path in paths {
            let name = path.strip_prefix(&root).unwrap_or(&path).display().to_string();
            texts.push((name, read(&fs::read_to_string(&path).expect("a text"))));
        }
    };
    let documents = ["README.md", "ARCHITECTURE.md", "infra/README.md"].map(|name| root.join(name));
    add(documents.to_vec(), prose_of_markdown);
    add(files(&root.join("docs"), ".md"), prose_of_markdown);
    add(files(&root.join("ui/src/lang"), ".ts"), texts_of_typescript);
    add(files(&root.join("crates/cli/src"), ".rs"), texts_of_rust);
    add(files(&root.join("src-tauri/src"), ".rs"), texts_of_rust);
    texts
}

/// Whether a text has a word or a phrase. Korean words carry particles, so they are parts of words.
fn has(text: &str, phrase: &str) -> bool {
    if !phrase.is_ascii() {
        return text.contains(phrase);
    }
    let words = text.to_lowercase();
    let words = words.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let line = words.collect::<Vec<_>>().join(" ");
    format!(" {line} ").contains(&format!(" {phrase} "))
}

#[test]
fn documents_and_messages_use_plain_words() {
    let texts = readable();
    assert!(texts.len() > 40, "documents, sentences and help are found: {}", texts.len());
    let mut found = Vec::new();
    for (file, text) in &texts {
        for (phrase, instead) in AVOID {
            if has(text, phrase) && !EXPLAINED.contains(&(file, phrase)) {
                found.push(format!("{file}: `{phrase}`; write: {instead}"));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn replaced_names_do_not_come_back() {
    let root = root();
    let mut found = Vec::new();
    for folder in ["crates", "src-tauri/src", "ui/src"] {
        for path in [files(&root.join(folder), ".rs"), files(&root.join(folder), ".ts")].concat() {
            let text = fs::read_to_string(&path).expect("a source");
            let has_name = |name: &str| {
                text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|word| word == name)
            };
            for (old, new) in OLD_NAMES.iter().filter(|(old, _)| has_name(old)) {
                found.push(format!("{}: `{old}` is called `{new}` now", path.display()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn words_are_found_in_texts_and_not_in_code() {
    assert!(has("It mends\nthe file.", "mends") && !has("recommended", "mend"));
    assert!(has("so  many\nbytes", "so many bytes") && has("장부를", "장부"));
    let prose = prose_of_markdown("a `nobody` b\n```\nwhoever\n```\nc");
    assert!(!has(&prose, "nobody") && !has(&prose, "whoever") && has(&prose, "c"), "{prose}");
    let texts =
        texts_of_rust("// \"whoever it is\"\nlet a = \"no wound\";\n#[cfg(test)]\nlet b = \"in vain\";");
    assert!(has(&texts, "wound") && !has(&texts, "whoever") && !has(&texts, "vain"), "{texts}");
}
