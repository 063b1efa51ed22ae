//! Reads the words that go with a release.

use std::io::ErrorKind;
use std::path::Path;

use naru_patcher::TextError;
use naru_protocol::ErrorCode;

use crate::catalogue::{bad_notes, bad_text, shorten_notes};
use crate::context::Context;
use crate::failure::Failure;
use crate::language::{Words, words};

/// The text of the file of `--notes`; empty where none was given.
pub fn read(context: &Context, file: Option<&Path>) -> Result<String, Failure> {
    let Some(file) = file else {
        return Ok(String::new());
    };
    let path = context.path(file)?;
    let text = naru_patcher::read_text(&path).map_err(|error| not_read(&path, &error))?;
    let text = naru_patcher::plain_notes(&text);
    naru_patcher::check_notes(&text).map_err(|error| {
        let (name, Words { english, korean }) = (path.display(), bad_notes(&error));
        Failure::new(ErrorCode::Usage, words!("{name}: {english}", "{name}: {korean}"))
            .with_hint(shorten_notes())
    })?;
    Ok(text)
}

fn not_read(path: &Path, error: &TextError) -> Failure {
    match error {
        TextError::Io(error) if error.kind() == ErrorKind::NotFound => Failure::io("reading", path, error)
            .with_hint(words!(
                "check the path after --notes: it is relative to the current folder",
                "--notes 뒤의 경로를 확인하십시오. 현재 폴더를 기준으로 합니다"
            )),
        TextError::Io(error) => Failure::io("reading", path, error).with_hint(words!(
            "--notes takes a readable text file",
            "--notes에는 읽을 수 있는 텍스트 파일을 지정하십시오"
        )),
        TextError::Text(problem) => {
            Failure::new(ErrorCode::Usage, bad_text(path, *problem)).with_hint(words!(
                "save the notes as UTF-8 text (PowerShell: `Set-Content -Encoding utf8`)",
                "릴리스 노트를 UTF-8 텍스트로 저장하십시오(PowerShell: `Set-Content -Encoding utf8`)"
            ))
        }
    }
}
