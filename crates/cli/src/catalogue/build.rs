//! Build folders that can't be published.

use std::path::Path;

use naru_operations::chain;
use naru_patcher::{BadEntry, NotAFile, ScanError, TextProblem};
use naru_protocol::{NameClash, NameError, NameProblem, differ_in_case};

use super::store::bad_document;
use super::{Entry, at};
use crate::language::{Words, words};

/// How many names of a long list are printed; the rest is counted.
const LISTED: usize = 20;

/// A build folder that can't be read or published.
pub fn refused(error: &ScanError) -> Entry {
    let entry = |korean: String| Entry::new(Words { english: chain(error), korean });
    let excluded = || {
        words!(
            "fix the patterns in .naruignore (same syntax as .gitignore)",
            ".naruignore의 패턴을 고치십시오(문법은 .gitignore와 같습니다)"
        )
    };
    let unfinished = || {
        words!(
            "wait until the build is finished and nothing writes to the folder, then publish again",
            "빌드가 끝나고 폴더에 쓰는 프로그램이 없을 때 다시 배포하십시오"
        )
    };
    let misplaced = || words!("check the path of the build folder", "빌드 폴더의 경로를 확인하십시오");
    match error {
        ScanError::Io { path, source } => entry(at(path, format!("읽기: {source}"))),
        ScanError::Entries(entries) => bad_entries(entries),
        ScanError::Vanished { path } => entry(at(path, "빌드를 읽는 동안 없어졌습니다")).hint(unfinished()),
        ScanError::Changing { path } => entry(at(path, "읽는 동안 계속 바뀝니다")).hint(unfinished()),
        ScanError::Text { path, problem } => entry(at(path, text_problem(*problem))).hint(words!(
            "replace it with a UTF-8 text file (PowerShell: `Set-Content -Encoding utf8`)",
            "UTF-8 텍스트 파일로 다시 저장하십시오(PowerShell: `Set-Content -Encoding utf8`)"
        )),
        ScanError::Ignore { path, problem } => entry(at(path, problem)).hint(excluded()),
        ScanError::AllIgnored { path, files } => {
            entry(at(path, format!("폴더의 모든 파일({files}개)을 제외합니다"))).hint(excluded())
        }
        ScanError::Pattern { pattern, problem } => entry(format!("패턴 `{pattern}`: {problem}")),
        ScanError::Manifest(error) => entry(bad_document(error).korean),
        ScanError::NoFolder(path) => entry(at(path, "그런 폴더가 없습니다")).hint(misplaced()),
        ScanError::Empty(path) => entry(at(path, "배포할 파일이 없습니다")).hint(misplaced()),
    }
}

/// Entries that no release can hold, all at once.
fn bad_entries(entries: &[BadEntry]) -> Entry {
    let mut lines: Vec<Words> = entries.iter().take(LISTED).map(bad_entry).collect();
    let more = entries.len().saturating_sub(LISTED);
    if more > 0 {
        lines.push(words!("… {more} more", "… 그 밖에 {more}개"));
    }
    let not_files = entries.iter().filter(|entry| matches!(entry, BadEntry::NotAFile(_))).count();
    Entry::lines(lines).hint(match not_files {
        0 => words!(
            "rename the files named above, or exclude them in .naruignore",
            "위에 나온 파일의 이름을 바꾸거나 .naruignore로 제외하십시오"
        ),
        all if all == entries.len() => words!(
            "replace it with a copy of the file, or exclude it in .naruignore",
            "그 자리에 파일의 사본을 두거나 .naruignore로 제외하십시오"
        ),
        _ => words!(
            "rename the files named above, replace links with copies, or exclude them in .naruignore",
            "위에 나온 파일의 이름을 바꾸고 링크 자리에는 파일의 사본을 두거나 .naruignore로 제외하십시오"
        ),
    })
}

fn bad_entry(entry: &BadEntry) -> Words {
    match entry {
        BadEntry::Name(name) => bad_name(name),
        BadEntry::Clash(clash) => clashing(clash),
        BadEntry::NotAFile(entry) => not_a_file(entry),
    }
}

fn not_a_file(entry: &NotAFile) -> Words {
    let path = entry.path.display();
    match entry.is_link {
        true => words!(
            "{path} is a symbolic link, and links can't be published",
            "{path}: 심볼릭 링크는 배포할 수 없습니다"
        ),
        false => words!(
            "{path} is a socket, a pipe or a device",
            "{path}: 소켓, 파이프, 장치는 배포할 수 없습니다"
        ),
    }
}

/// What is wrong with a text file.
pub fn bad_text(path: &Path, problem: TextProblem) -> Words {
    let (path, korean) = (path.display(), text_problem(problem));
    words!("{path} {problem}", "{path}: {korean}")
}

fn text_problem(problem: TextProblem) -> &'static str {
    match problem {
        TextProblem::Link => "심볼릭 링크입니다",
        TextProblem::NotAFile => "파일이 아닙니다",
        TextProblem::TooLong => "너무 큽니다. 한도는 1 MiB입니다",
        TextProblem::Utf16 => "UTF-16 텍스트이거나 일부가 UTF-16입니다",
        TextProblem::NotUtf8 => "UTF-8 텍스트가 아닙니다",
    }
}

/// Names that are one on some system.
fn clashing(clash: &NameClash) -> Words {
    let korean = match clash {
        NameClash::Files { one, other } => {
            format!(
                "{one}, {other}: {} Windows와 macOS에서는 같은 파일입니다",
                only(one.as_str(), other.as_str())
            )
        }
        NameClash::Forms { path } => {
            format!(
                "{path}: 같은 이름이 합쳐진 글자(NFC)와 자모가 나뉜 글자(NFD)로 두 번 있습니다. 하나만 남기십시오"
            )
        }
        NameClash::Folders { one, other } => {
            format!("{one}, {other}: {} Windows와 macOS에서는 같은 폴더입니다", only(one, other))
        }
        NameClash::FileAndFolder { file, inner } => {
            format!("{file}: 파일인데 {inner} 파일이 들어갈 폴더와 이름이 같습니다")
        }
    };
    Words { english: clash.to_string(), korean }
}

fn only(one: &str, other: &str) -> &'static str {
    if differ_in_case(one, other) { "대소문자만 달라" } else { "글자의 폭이나 모양만 달라" }
}

/// A name that some system can't hold.
fn bad_name(error: &NameError) -> Words {
    let problem = match error.problem {
        NameProblem::Empty => "비어 있는 부분이 있습니다".into(),
        NameProblem::Dots => "`.` 또는 `..`이 들어 있습니다".into(),
        NameProblem::TooLong => "일부 시스템에는 너무 깁니다".into(),
        NameProblem::NotUnicode => "UTF-8로 된 이름이 아닙니다".into(),
        NameProblem::ForbiddenCharacter(character) => {
            let code = character as u32;
            format!("Windows에서 쓸 수 없는 문자 \"{}\" (U+{code:04X})", character.escape_debug())
        }
        NameProblem::InvisibleCharacter(character) => {
            format!("보이지 않거나 정의되지 않은 문자 U+{:04X}", character as u32)
        }
        NameProblem::TrailingDotOrSpace => "이름 끝에 점이나 공백이 있습니다".into(),
        NameProblem::DeviceName => "Windows의 장치 이름입니다".into(),
        NameProblem::ShortName => "Windows의 짧은 이름처럼 보입니다".into(),
        NameProblem::NotNfc => "유니코드 정규형 C가 아닙니다".into(),
        NameProblem::Reserved => "`.naru`는 나루가 쓰는 폴더입니다".into(),
    };
    Words { english: error.to_string(), korean: format!("{:?}: {problem}", error.path) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_of_names_is_cut_and_counted() {
        let link = |number: usize| NotAFile { path: format!("link{number}").into(), is_link: true };
        let entries = (0..25).map(link).map(BadEntry::NotAFile);
        let lines = refused(&ScanError::Entries(entries.collect())).detail;
        assert_eq!(lines.len(), LISTED + 1, "a screen of them is enough");
        assert_eq!(lines[LISTED].english, "… 5 more");
    }

    #[test]
    fn a_refused_name_shows_the_character() {
        let error = NameError { path: "a:b".into(), problem: NameProblem::ForbiddenCharacter(':') };
        assert_eq!(bad_name(&error).korean, r#""a:b": Windows에서 쓸 수 없는 문자 ":" (U+003A)"#);
    }
}
