//! The particulars of an engine's error, one a line.

use std::error::Error;
use std::path::Path;

use naru_patcher::{BadEntry, NotAFile, PublishError, ScanError, TextProblem, UpdateError};
use naru_store::StoreError;

use crate::engine_errors::korean;
use crate::failure::chain;
use crate::language::{Words, words};
use crate::quantity::bytes;

/// How many names of a long list are printed; the rest is counted.
const LISTED: usize = 20;

/// The particulars of a failed publish.
pub fn of_publish(error: &PublishError) -> Vec<Words> {
    match error {
        PublishError::Scan(scan) => of_scan(scan),
        PublishError::Store(store) => vec![of_store(store)],
        other => vec![Words { english: chain(other), korean: korean::of_publish(other) }],
    }
}

/// The particulars of a failed update.
pub fn of_update(error: &UpdateError) -> Vec<Words> {
    match error {
        UpdateError::Scan(scan) => of_scan(scan),
        UpdateError::Store(store) => vec![of_store(store)],
        UpdateError::NoSpace { path, needed, available } => vec![no_space(path, *needed, *available)],
        other => vec![Words { english: chain(other), korean: korean::of_update(other) }],
    }
}

/// What happened, where the kind's own sentence would blame the disk.
pub fn sentence_of_update(error: &UpdateError) -> Option<Words> {
    match error {
        UpdateError::InTheWay { .. }
        | UpdateError::LinkInTheWay { .. }
        | UpdateError::NotAFolder { .. }
        | UpdateError::Intruder { .. } => Some(words!(
            "something stands where the game or Naru has to put its files",
            "게임이나 나루의 파일이 들어갈 자리에 다른 것이 있습니다"
        )),
        _ => None,
    }
}

fn of_scan(error: &ScanError) -> Vec<Words> {
    let lines: Vec<Words> = match error {
        ScanError::Entries(entries) => entries.iter().map(bad_entry).collect(),
        other => vec![Words { english: chain(other), korean: korean::of_scan(other) }],
    };
    shortened(lines)
}

/// What is wrong with a text file.
pub fn of_text(path: &Path, problem: TextProblem) -> Words {
    let (path, korean) = (path.display(), korean::of_text(problem));
    words!("{path} {problem}", "{path}: {korean}")
}

fn bad_entry(entry: &BadEntry) -> Words {
    match entry {
        BadEntry::Name(name) => Words { english: name.to_string(), korean: korean::of_name(name) },
        BadEntry::Clash(clash) => Words { english: clash.to_string(), korean: korean::of_clash(clash) },
        BadEntry::NotAFile(entry) => not_a_file(entry),
    }
}

/// Short for a person, exact for a program.
fn no_space(path: &Path, needed: u64, available: u64) -> Words {
    let (path, short, left) = (path.display(), bytes(needed), bytes(available));
    words!(
        "{short} are needed at {path}, {left} are free ({needed} and {available} bytes)",
        "{path}: 필요한 공간 {short}, 남은 공간 {left}"
    )
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

fn shortened(mut lines: Vec<Words>) -> Vec<Words> {
    if lines.len() > LISTED {
        let more = lines.len() - LISTED;
        lines.truncate(LISTED);
        lines.push(words!("… {more} more", "… 그 밖에 {more}개"));
    }
    lines
}

/// The store's own sentence. What its libraries say below is the same in many layers; only another
/// failure of a store adds something.
fn of_store(error: &StoreError) -> Words {
    let below = error.source().and_then(|below| below.downcast_ref::<StoreError>());
    let mut english = error.to_string();
    if let Some(below) = below {
        english.push_str(&format!(" ({})", below.detail));
    }
    Words { english, korean: korean::of_store(error) }
}

#[cfg(test)]
mod tests {
    use naru_store::FailureKind;

    use super::*;

    #[test]
    fn a_long_list_of_names_is_cut_and_counted() {
        let link = |number: usize| NotAFile { path: format!("link{number}").into(), is_link: true };
        let entries = (0..25).map(link).map(BadEntry::NotAFile);
        let lines = of_scan(&ScanError::Entries(entries.collect()));
        assert_eq!(lines.len(), LISTED + 1, "a screen of them is enough");
        assert_eq!(lines[LISTED].english, "… 5 more");
    }

    #[test]
    fn sizes_are_short_for_people_and_exact_for_programs() {
        let error = UpdateError::NoSpace { path: "/game".into(), needed: 3 << 29, available: 5 << 20 };
        assert_eq!(
            of_update(&error)[0].english,
            "1.5 GiB are needed at /game, 5.0 MiB are free (1610612736 and 5242880 bytes)"
        );
    }

    #[test]
    fn what_the_libraries_below_say_is_left_out() {
        let mut error =
            StoreError::new("get", "k", FailureKind::Retryable, "no connection: refused").in_store("s3://b/");
        error.source = Some("dispatch failure: io error: client error (Connect)".into());
        assert_eq!(of_store(&error).english, "get s3://b/k: no connection: refused");
        error.source = Some(Box::new(StoreError::new("put", "k", FailureKind::Unsupported, "501")));
        assert!(of_store(&error).english.ends_with("(501)"), "what another call was answered is news");
    }
}
