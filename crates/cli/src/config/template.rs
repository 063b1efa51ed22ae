//! The commented `naru.toml` that `naru init` writes.

use crate::config::key::{KEYS, Key};
use crate::language::Language;

const HEAD: &str = "\
# Naru's settings for this game. A line that begins with `#` shows the default of a key, or an example
# if there is none. The environment variable named with each key overrides this file, and command-line
# options override both. Credentials do not belong here: publishing takes them from the standard AWS
# places (environment, profile, role), and updating needs none.
";

const HEAD_KO: &str = "\
# 이 게임의 나루 설정입니다. `#`으로 시작하는 줄은 각 키의 기본값을, 기본값이 없으면 예시를
# 보여 줍니다. 각 키에 적힌 환경 변수가 이 파일보다 우선하고, 명령줄 옵션이 가장 우선합니다. 자격 증명은
# 여기에 적지 않습니다. 배포할 때는 표준 AWS 위치(환경 변수, 프로필, 역할)에서 읽고, 업데이트에는
# 필요하지 않습니다.
";

/// The text of the file, with the given values (by `section.name`) already filled in.
pub fn render(language: Language, filled: &[(&str, String)]) -> String {
    let mut text = String::from(language.pick(HEAD, HEAD_KO));
    let mut section = "";
    for key in KEYS {
        if key.section != section {
            section = key.section;
            text.push_str(&format!("\n[{section}]\n"));
        }
        let value = filled.iter().find(|(path, _)| *path == key.path()).map(|(_, value)| value.as_str());
        text.push_str(&entry(language, key, value));
    }
    text
}

fn entry(language: Language, key: &Key, value: Option<&str>) -> String {
    let [english, korean] = key.about;
    let line = match (value, key.default) {
        (Some(value), _) => format!("{} = {}", key.name, toml::Value::from(value)),
        (None, Some(default)) => format!("# {} = {default}", key.name),
        (None, None) => {
            let note = language.pick("an example: there is no default", "예시: 기본값 없음");
            format!("# {} = {}  # {note}", key.name, key.example)
        }
    };
    format!("# {} ({})\n{line}\n", language.pick(english, korean), key.env)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::toml_file;

    const DOCUMENTED: &str = include_str!("../../../../docs/configuration.md");

    #[test]
    fn the_template_is_valid_with_and_without_its_comment_signs() {
        for language in [Language::En, Language::Ko] {
            check(&render(language, &[("update.install", "a \"quoted\" name".into())]));
        }
    }

    fn check(commented: &str) {
        toml_file::read(Path::new("naru.toml"), commented).expect("what init writes must be readable");
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
    fn an_example_does_not_pass_for_a_default() {
        let text = render(Language::En, &[]);
        for key in KEYS {
            let start = format!("# {} = ", key.name);
            let line = text.lines().find(|line| line.starts_with(&start)).expect("every key has its line");
            assert_eq!(line.ends_with("# an example: there is no default"), key.default.is_none(), "{line}");
        }
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
