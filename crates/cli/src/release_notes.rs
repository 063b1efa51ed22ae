//! The words that go with a release.

use std::io::ErrorKind;
use std::path::Path;

use naru_patcher::TextError;
use naru_protocol::ErrorCode;

use crate::context::Context;
use crate::engine_errors::korean;
use crate::engine_errors::particulars::of_text;
use crate::failure::Failure;
use crate::language::{Language, say, words};

/// How much of the notes an update shows: enough to see what is new, without pushing its result off
/// the screen.
const LINES: usize = 12;
const LETTERS: usize = 200;

/// The text of the file of `--notes`; empty where none was given.
pub fn read(context: &Context, file: Option<&Path>) -> Result<String, Failure> {
    let Some(file) = file else {
        return Ok(String::new());
    };
    let path = context.world.path(file)?;
    let text = naru_patcher::read_text(&path).map_err(|error| not_read(&path, &error))?;
    let text = naru_patcher::plain_notes(&text);
    naru_patcher::check_notes(&text).map_err(|error| {
        let (name, korean) = (path.display(), korean::of_notes(&error));
        Failure::new(ErrorCode::Usage, words!("{name}: {error}", "{name}: {korean}"))
            .with_hint(words!("shorten the notes", "릴리스 노트를 줄이십시오"))
    })?;
    Ok(text)
}

fn not_read(path: &Path, error: &TextError) -> Failure {
    match error {
        TextError::Io(error) if error.kind() == ErrorKind::NotFound => Failure::io("reading", path, error)
            .with_hint(words!(
                "check the path after --notes: it is meant from the current folder",
                "--notes 뒤의 경로를 확인하십시오. 현재 폴더를 기준으로 합니다"
            )),
        TextError::Io(error) => Failure::io("reading", path, error).with_hint(words!(
            "--notes takes a text file that you may read",
            "--notes에는 읽을 수 있는 텍스트 파일을 지정하십시오"
        )),
        TextError::Text(problem) => {
            Failure::new(ErrorCode::Usage, of_text(path, *problem)).with_hint(words!(
                "save the notes as UTF-8 text (PowerShell: `Set-Content -Encoding utf8`)",
                "릴리스 노트를 UTF-8 텍스트로 저장하십시오(PowerShell: `Set-Content -Encoding utf8`)"
            ))
        }
    }
}

/// The beginning of the notes, below a line of a result.
pub fn shown(language: Language, notes: &str) -> Vec<String> {
    let notes = in_language(language, notes);
    let mut lines: Vec<String> = notes
        .lines()
        .take(LINES)
        .map(|line| format!("  {}", shortened(line)).trim_end().to_owned())
        .collect();
    let more = notes.lines().count().saturating_sub(LINES);
    if more > 0 {
        lines.push(say!(
            language,
            "  … {more} more lines: `naru status`",
            "  … 그 밖에 {more}줄: `naru status`"
        ));
    }
    lines
}

/// Notes in two languages are shown in the user's.
pub fn in_language(language: Language, notes: &str) -> String {
    naru_patcher::notes_for(language.pick("en", "ko"), notes)
}

fn shortened(line: &str) -> String {
    match line.char_indices().nth(LETTERS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_notes_are_cut_and_counted() {
        assert_eq!(shown(Language::En, ""), Vec::<String>::new());
        assert_eq!(shown(Language::En, "새 동굴\n\n- fixes"), ["  새 동굴", "", "  - fixes"]);
        let many = shown(Language::En, &"x\n".repeat(20));
        assert_eq!((many.len(), many[LINES].as_str()), (LINES + 1, "  … 8 more lines: `naru status`"));
        let long = shown(Language::Ko, &"가".repeat(300));
        assert_eq!(long[0].chars().count(), 2 + LETTERS + 1, "letters and not bytes");
    }
}
