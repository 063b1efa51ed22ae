//! The commented `naru.toml` that `naru init` writes.

use crate::config::key::{KEYS, Key};

const HEAD: &str = "\
# Settings of Naru for this game. Every key is here; a line that begins with `#` shows what holds
# without it. The environment variable named with each key overrides this file, and command-line
# options override both. Credentials do not belong here: publishing takes them from the standard
# AWS places (environment, profile, role), and updating needs none.
";

/// The text of the file, with the given values (by `section.name`) already filled in.
pub fn render(filled: &[(&str, String)]) -> String {
    let mut text = String::from(HEAD);
    let mut section = "";
    for key in KEYS {
        if key.section != section {
            section = key.section;
            text.push_str(&format!("\n[{section}]\n"));
        }
        let value = filled.iter().find(|(path, _)| *path == key.path()).map(|(_, value)| value.as_str());
        text.push_str(&entry(key, value));
    }
    text
}

fn entry(key: &Key, value: Option<&str>) -> String {
    let line = match (value, key.default) {
        (Some(value), _) => format!("{} = {}", key.name, toml::Value::from(value)),
        (None, Some(default)) => format!("# {} = {default}", key.name),
        (None, None) => format!("# {} = {}", key.name, key.example),
    };
    format!("# {} ({})\n{line}\n", key.about, key.env)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::toml_file;

    const DOCUMENTED: &str = include_str!("../../../../docs/configuration.md");

    #[test]
    fn the_template_is_valid_with_and_without_its_comment_signs() {
        let commented = render(&[("store.bucket", "a \"quoted\" name".into())]);
        toml_file::read(Path::new("naru.toml"), &commented).expect("what init writes must be readable");
        let bare: String = commented
            .lines()
            .map(|line| match line.strip_prefix("# ") {
                Some(setting) if setting.contains(" = ") => format!("{setting}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        let layer = toml_file::read(Path::new("naru.toml"), &bare).expect("each example is valid TOML");
        layer.check_all().expect("each example is an allowed value");
    }

    #[test]
    fn the_documentation_lists_every_key_with_its_variable_and_default() {
        for key in KEYS {
            let row = DOCUMENTED
                .lines()
                .find(|line| line.starts_with(&format!("| `{}` |", key.path())))
                .unwrap_or_else(|| panic!("docs/configuration.md has no row for {}", key.path()));
            assert!(row.contains(&format!("`{}`", key.env)), "{row} must name {}", key.env);
            assert!(row.contains(key.default.unwrap_or("none")), "{row} must give the default");
            if let Some(name) = key.name_2017 {
                assert!(row.contains(name), "{row} must name the 2017 key");
            }
        }
    }
}
