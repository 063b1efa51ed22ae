//! What the engine warns of.

use naru_patcher::Warning;

use crate::language::{Words, words};

/// A warning as it is told.
pub struct Said {
    /// Its published name.
    pub code: &'static str,
    /// What it is about, where that is one file.
    pub path: Option<String>,
    /// The sentence.
    pub words: Words,
}

impl Said {
    fn new(code: &'static str, words: Words) -> Self {
        Self { code, path: None, words }
    }

    fn about(code: &'static str, path: impl ToString, words: Words) -> Self {
        Self { path: Some(path.to_string()), ..Self::new(code, words) }
    }
}

/// The words for a warning.
pub fn warning(warning: &Warning) -> Said {
    match warning {
        Warning::Release2017 => Said::new(
            "release-2017",
            words!(
                "this release was published by the 2017 tool: its files are checked by MD5 only",
                "2017년 도구로 배포된 릴리스입니다. 파일을 MD5로만 검사합니다"
            ),
        ),
        Warning::KeptChanged { path, ours: Some(ours) } => Said::about(
            "kept-changed",
            path,
            words!(
                "{path} was changed by you and by the release: your version stays, the release's version is {ours}",
                "{path}: 사용자와 릴리스가 모두 바꾼 파일입니다. 사용자의 파일은 그대로 두고 릴리스의 파일은 {ours}에 저장했습니다"
            ),
        ),
        Warning::KeptChanged { path, ours: None } => Said::about(
            "kept-changed",
            path,
            words!(
                "{path} was changed by you and by the release: your version stays",
                "{path}: 사용자와 릴리스가 모두 바꾼 파일입니다. 사용자의 파일을 그대로 두었습니다"
            ),
        ),
        Warning::BrokenLedger { problem, channel } => Said::new(
            "broken-ledger",
            words!(
                "the installation record can't be read ({problem}), so the installed release is unknown: every file is compared with the newest release of channel {channel}",
                "설치 기록을 읽을 수 없어({problem}) 설치된 릴리스를 알 수 없습니다. 모든 파일을 {channel} 채널의 최신 릴리스와 비교합니다"
            ),
        ),
        Warning::MovedAside(name) => Said::about(
            "moved-aside",
            name,
            words!(
                "a file that does not belong to the game was in the way; it was moved to {name}",
                "게임에 속하지 않은 파일이 자리를 차지하고 있어 {name}에 옮겨 두었습니다"
            ),
        ),
        Warning::ModeRefused(path) => Said::about(
            "mode-refused",
            path,
            words!(
                "the system refused to change the executable bit of {path}; its content is correct",
                "시스템이 {path}의 실행 권한 변경을 거부했습니다. 파일 내용은 올바릅니다"
            ),
        ),
        Warning::SetAside { path, reason } => Said::about(
            "set-aside",
            path,
            words!(
                "the update finished without {path}, which the disk refused to change ({reason}); `naru repair` tries again",
                "디스크가 {path} 변경을 거부해({reason}) 이 파일 없이 업데이트를 마쳤습니다. `naru repair`로 다시 시도하십시오"
            ),
        ),
        Warning::NotInvalidated(why) => Said::new(
            "not-invalidated",
            words!(
                "the release is published, but the invalidation failed ({why}): players see it when the edge's copy expires",
                "릴리스는 배포되었지만 엣지의 사본을 무효화하지 못했습니다({why}). 사본이 만료되면 플레이어가 받습니다"
            ),
        ),
        Warning::RefusedName(problem) => Said::new(
            "refused-name",
            words!(
                "this file was not installed because of its name: {problem}",
                "이름 때문에 설치하지 않은 파일입니다: {problem}"
            ),
        ),
        Warning::ReservedName(path) => Said::about(
            "reserved-name",
            path,
            words!(
                "{path} is not published: Naru uses this name at the top of a build. Add it to .naruignore, or rename it if the game needs it",
                "{path} 파일은 배포하지 않습니다. 빌드 폴더의 맨 위에서는 나루가 이 이름을 씁니다. .naruignore에 적거나, 게임에 필요한 파일이면 이름을 바꾸십시오"
            ),
        ),
        Warning::EmptyFolders(folders) => Said::new("empty-folders", empty_folders(folders)),
        Warning::LostObjects(keys) => Said::new("lost-objects", lost_objects(keys)),
        Warning::NotFor2017(names) => {
            let Words { english, korean } = few(names);
            Said::new(
                "not-for-2017",
                words!(
                    "players with the 2017 client can't download these, because it does not encode `#`, `%`, `+` and `?` in a URL: {english}. Rename them if you still have such players",
                    "2017년 클라이언트는 URL에서 `#`, `%`, `+`, `?`를 인코딩하지 않으므로 다음 파일을 받지 못합니다: {korean}. 그런 플레이어가 있다면 이름을 바꾸십시오"
                ),
            )
        }
        Warning::Secrets(names) => {
            let Words { english, korean } = few(names);
            Said::new(
                "secrets",
                words!(
                    "these look like keys, passwords or version control data, and every player gets them: {english}. Exclude them in .naruignore, or confirm them there with `!` before the name",
                    "키, 비밀번호, 버전 관리 데이터로 보이는 파일이 모든 플레이어에게 배포됩니다: {korean}. .naruignore에 적어 제외하십시오. 일부러 넣은 파일이면 이름 앞에 `!`를 붙여 적으십시오"
                ),
            )
        }
        Warning::UnreadableRelease { version, problem } => Said::new(
            "unreadable-release",
            words!(
                "version {version} of version.json can't be read and is left out: {problem}",
                "version.json에 읽을 수 없는 버전이 있어 건너뜁니다({version}): {problem}"
            ),
        ),
    }
}

fn empty_folders(folders: &[String]) -> Words {
    let (count, Words { english, korean }) = (folders.len(), few(folders));
    let plural = if count == 1 { "folder is" } else { "folders are" };
    words!(
        "{count} empty {plural} not published: {english}. Add a file if the game needs the folder; list it in .naruignore to silence this warning",
        "빈 폴더 {count}개는 배포하지 않습니다: {korean}. 게임에 필요하면 파일을 하나 넣으십시오. .naruignore에 적으면 이 경고가 나오지 않습니다"
    )
}

fn lost_objects(keys: &[String]) -> Words {
    let (count, Words { english, korean }) = (keys.len(), few(keys));
    let are = if count == 1 { "object of the live release is" } else { "objects of the live release are" };
    words!(
        "{count} {are} missing or damaged in the bucket, so players can't install all of it: {english}. Publishing restores them under a new number",
        "현재 릴리스의 객체 {count}개가 버킷에 없거나 손상되어 플레이어가 온전히 설치할 수 없습니다: {korean}. 배포하면 새 번호로 다시 업로드합니다"
    )
}

/// How many names a warning lists; the rest is counted.
const LISTED: usize = 5;

fn few(names: &[String]) -> Words {
    let listed = names.iter().take(LISTED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(LISTED) {
        0 => Words::same(listed),
        more => words!("{listed} and {more} more", "{listed} 외 {more}개"),
    }
}
