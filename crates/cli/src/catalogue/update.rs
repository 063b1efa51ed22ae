//! Install folders that could not be updated, verified or repaired.

use std::path::Path;

use naru_operations::chain;
use naru_patcher::{Intruder, UpdateError};

use super::store::{self, bad_document, operation_noun};
use super::{Entry, at, build};
use crate::language::{Words, words};
use crate::quantity::bytes;

/// A failed update, verification, repair or look at what is installed.
pub fn failed(error: &UpdateError) -> Entry {
    let entry = |korean: String| Entry::new(Words { english: chain(error), korean });
    match error {
        UpdateError::Io { operation, path, source } => {
            entry(at(path, format!("{}: {source}", operation_noun(operation))))
        }
        UpdateError::Intruder { path, intruder } => {
            entry(at(path, intruding(*intruder))).sentence(in_the_way()).hint(words!(
                "another program or an archive created it: unmount or delete what is named above (for a link, the link itself), and run the command again; then check the whole game with `naru repair`",
                "다른 프로그램이나 압축 파일이 만든 것입니다. 위에 나온 것의 마운트를 해제하거나 그것을 지우고(링크는 링크 자체만) 다시 실행하십시오. 그다음 `naru repair`로 게임 전체를 확인할 수 있습니다"
            ))
        }
        UpdateError::Store(error) => Entry::new(store::failed(error)),
        UpdateError::Format(error) => entry(bad_document(error).korean),
        UpdateError::BrokenPointer { key, source } => {
            entry(format!("{key}: {}", bad_document(source).korean)).hint(words!(
                "check edge.url (NARU_EDGE_URL) and store.prefix; a newer Naru may be needed. Otherwise the publisher has to fix it (`naru publish` says how); the installed game is not affected",
                "edge.url(NARU_EDGE_URL)과 store.prefix를 확인하십시오. 더 새로운 버전의 나루가 필요할 수도 있습니다. 아니라면 배포자가 고쳐야 합니다(`naru publish`가 방법을 알려 줍니다). 설치된 게임은 그대로입니다"
            ))
        }
        // The hints for a build folder are for the publisher.
        UpdateError::Scan(error) => Entry { hint: None, ..build::refused(error) },
        UpdateError::Ledger { path, source } => {
            entry(at(path, format!("설치 기록을 쓸 수 없습니다: {}", chain(source))))
        }
        UpdateError::BrokenLedger { path, problem } => {
            entry(at(path, format!("설치 기록을 읽을 수 없습니다: {problem}")))
        }
        UpdateError::StageTouched { path } => entry(at(path, "업데이트 도중에 지워지거나 바뀌었습니다")),
        UpdateError::NewerLedger { path, format } => entry(at(
            path,
            format!("설치 기록의 형식이 {format}입니다. 이 버전의 나루는 읽을 수 없습니다"),
        )),
        UpdateError::NothingPublished { at } => {
            entry(format!("{at}: 아직 배포된 릴리스가 없습니다")).hint(words!(
                "check edge.url (NARU_EDGE_URL), store.prefix and the channel; `naru publish` makes the first release",
                "edge.url(NARU_EDGE_URL), store.prefix, 채널을 확인하십시오. 첫 릴리스는 `naru publish`로 만듭니다"
            ))
        }
        UpdateError::NotForThisSystem { number } => {
            entry(format!("릴리스 {number}에는 이 시스템용 파일이 없습니다"))
        }
        UpdateError::OlderRelease { installed, offered } => {
            entry(format!("설치된 릴리스는 {installed}, 서버의 릴리스는 {offered}입니다"))
        }
        UpdateError::SameNumberOtherContent { number } => entry(format!(
            "서버의 릴리스 {number}에 들어 있는 내용이 설치된 릴리스 {number}의 내용과 다릅니다"
        )),
        UpdateError::Corrupt { path, tries } => {
            entry(format!("{path}: {tries}번 내려받았지만 매번 손상되어 있었습니다"))
        }
        UpdateError::NoSpace { path, needed, available } => {
            Entry::new(no_space(path, *needed, *available))
        }
        UpdateError::NoInodes { path, needed, available } => entry(at(
            path,
            format!("더 만들어야 할 파일과 폴더 {needed}개, 디스크에 더 만들 수 있는 것 {available}개"),
        ))
        .hint(words!(
            "delete files from that disk, or install to another one; nothing was downloaded",
            "그 디스크에서 필요 없는 파일을 지우거나 다른 디스크에 설치하십시오. 아무것도 내려받지 않았습니다"
        )),
        UpdateError::OtherMount { path } => {
            entry(at(path, "게임의 나머지 부분과 다른 디스크나 마운트에 있습니다")).hint(words!(
                "unmount what is named above, or install the game to a folder on one disk",
                "위에 나온 마운트를 해제하거나 한 디스크에 있는 폴더에 게임을 설치하십시오"
            ))
        }
        UpdateError::Busy { path } => entry(at(path, "다른 나루가 작업 중입니다")),
        UpdateError::ClaimedElsewhere { path } => {
            entry(at(path, "다른 컴퓨터의 나루, 또는 다시 시작하기 전의 나루가 남긴 파일입니다")).hint(words!(
                "if no other computer is updating this folder, delete the file named above and run the command again",
                "이 폴더를 업데이트하는 다른 컴퓨터가 없다면 위에 나온 파일을 지우고 다시 실행하십시오"
            ))
        }
        UpdateError::NotAFolder { path } => {
            entry(at(path, "폴더가 아니라 파일입니다")).sentence(in_the_way()).hint(words!(
                "choose another folder with --install",
                "--install로 다른 폴더를 고르십시오"
            ))
        }
        UpdateError::LinkInTheWay { path } => {
            entry(at(path, "폴더가 있어야 할 곳에 링크가 있습니다")).sentence(in_the_way()).hint(move_away())
        }
        UpdateError::InTheWay { path } => {
            entry(at(path, "릴리스의 파일이 들어갈 자리를 차지하고 있습니다"))
                .sentence(in_the_way())
                .hint(move_away())
        }
        UpdateError::Changing { path } => entry(at(path, "업데이트를 준비하는 동안 계속 바뀝니다")),
        UpdateError::OtherChannel { wanted, offered } => entry(format!(
            "채널 {wanted}의 릴리스를 요청했지만 서버에는 채널 {offered}의 릴리스가 있습니다"
        )),
        UpdateError::Stopped => entry("작업을 멈췄습니다".into()),
        UpdateError::NotInstalled { path } => entry(at(path, "설치된 것이 없습니다")).hint(words!(
            "check --install; `naru update` installs the game",
            "--install을 확인하십시오. `naru update`로 게임을 설치합니다"
        )),
        UpdateError::Journal { path } => entry(at(path, "업데이트 기록을 읽을 수 없습니다")).hint(words!(
            "if a newer Naru wrote it, use that version; otherwise delete the file named above and run `naru repair`, which checks the whole game",
            "더 새로운 버전의 나루가 쓴 것이면 그 버전을 쓰십시오. 아니라면 위에 나온 파일을 지우고 `naru repair`를 실행하십시오. 게임 전체를 확인합니다"
        )),
    }
}

/// The kind's own sentence would blame the disk.
fn in_the_way() -> Words {
    words!(
        "something is in the way of the game's or Naru's files",
        "게임이나 나루의 파일이 들어갈 자리에 다른 것이 있습니다"
    )
}

fn move_away() -> Words {
    words!(
        "move what is named above out of the way, and run the command again",
        "위에 나온 것을 다른 곳으로 옮기고 다시 실행하십시오"
    )
}

/// An obstacle in the place of Naru's own files.
fn intruding(intruder: Intruder) -> &'static str {
    match intruder {
        Intruder::Link => "나루의 파일이 있어야 할 곳에 링크가 있습니다",
        Intruder::Mount => "나루의 폴더 안에 다른 폴더나 파일이 마운트되어 있습니다",
        Intruder::File => "나루의 폴더가 있어야 할 곳에 파일이 있습니다",
        Intruder::Folder => "나루의 파일이 있어야 할 곳에 폴더가 있습니다",
        Intruder::Special => "나루의 파일이 있어야 할 곳에 파이프, 소켓 또는 장치가 있습니다",
        Intruder::Depth => "폴더 안에 폴더가 너무 많이 겹쳐 있습니다",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short_for_people_and_exact_for_programs() {
        let error = UpdateError::NoSpace { path: "/game".into(), needed: 3 << 29, available: 5 << 20 };
        assert_eq!(
            failed(&error).detail[0].english,
            "1.5 GiB are needed at /game, 5.0 MiB are free (1610612736 and 5242880 bytes)"
        );
    }
}
