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
                "{path} was changed by you and by the release: yours stays, ours is {ours}",
                "{path}: 사용자와 릴리스가 모두 바꾼 파일입니다. 사용자의 파일은 그대로 두고 릴리스의 파일은 {ours}에 저장했습니다"
            ),
        ),
        Warning::KeptChanged { path, ours: None } => Said::about(
            "kept-changed",
            path,
            words!(
                "{path} was changed by you and by the release: yours stays",
                "{path}: 사용자와 릴리스가 모두 바꾼 파일입니다. 사용자의 파일을 그대로 두었습니다"
            ),
        ),
        Warning::BrokenLedger { problem, channel } => Said::new(
            "broken-ledger",
            words!(
                "the record of what is installed can't be read ({problem}), so which release this is is not known: every file is compared with the newest release of channel {channel}",
                "장부를 읽을 수 없어({problem}) 어느 릴리스가 설치되어 있는지 알 수 없습니다. 모든 파일을 {channel} 채널의 최신 릴리스와 비교합니다"
            ),
        ),
        Warning::MovedAside(name) => Said::about(
            "moved-aside",
            name,
            words!(
                "a file that is not the game's was in the way; it is {name} now",
                "게임에 속하지 않은 파일이 있던 자리입니다. 그 파일은 {name}에 옮겨 두었습니다"
            ),
        ),
        Warning::ModeRefused(path) => Said::about(
            "mode-refused",
            path,
            words!(
                "the system does not let the executable bit of {path} be set; its bytes are right",
                "시스템이 {path}의 실행 권한을 바꾸지 못하게 합니다. 파일 내용은 올바릅니다"
            ),
        ),
        Warning::SetAside { path, reason } => Said::about(
            "set-aside",
            path,
            words!(
                "the update was finished without {path}, which the disk refuses to change ({reason}); `naru repair` tries again",
                "디스크가 {path} 변경을 거부해({reason}) 이 파일 없이 업데이트를 마쳤습니다. `naru repair`로 다시 시도하십시오"
            ),
        ),
        Warning::NotInvalidated(why) => Said::new(
            "not-invalidated",
            words!(
                "the release is published, but the edge could not be told ({why}): players see it when the edge's copy expires",
                "릴리스는 배포되었지만 엣지에 알리지 못했습니다({why}). 엣지의 사본이 만료되면 플레이어가 받습니다"
            ),
        ),
        Warning::RefusedName(problem) => Said::new(
            "refused-name",
            words!(
                "this file is not installed, for its name: {problem}",
                "이름 때문에 설치하지 않은 파일입니다: {problem}"
            ),
        ),
        Warning::ReservedName(path) => Said::about(
            "reserved-name",
            path,
            words!(
                "{path} is not published: at the top of a build this name is Naru's own. Name it in .naruignore, or rename it if the game needs it",
                "{path} 파일은 배포하지 않습니다. 빌드 폴더 맨 위에서 이 이름은 나루가 씁니다. .naruignore에 적거나, 게임에 필요한 파일이면 이름을 바꾸십시오"
            ),
        ),
        Warning::EmptyFolders(folders) => Said::new("empty-folders", empty_folders(folders)),
        Warning::LostObjects(keys) => Said::new("lost-objects", lost_objects(keys)),
        Warning::NotFor2017(names) => {
            let Words { english, korean } = few(names);
            Said::new(
                "not-for-2017",
                words!(
                    "players who still have the 2017 client can't fetch these, because it does not encode `#`, `%`, `+` and `?` in a URL: {english}. Rename them if such players matter",
                    "2017년 클라이언트는 URL에서 `#`, `%`, `+`, `?`를 인코딩하지 않으므로 다음 파일을 받지 못합니다: {korean}. 그런 플레이어가 있다면 이름을 바꾸십시오"
                ),
            )
        }
        Warning::Secrets(names) => {
            let Words { english, korean } = few(names);
            Said::new(
                "secrets",
                words!(
                    "these look like keys, passwords or histories, and every player gets them: {english}. Name them in .naruignore (or with `!` before the name, if they are meant)",
                    "키, 암호, 이력으로 보이는 파일이 모든 플레이어에게 배포됩니다: {korean}. .naruignore에 적으십시오(일부러 넣은 것이면 이름 앞에 `!`를 붙이십시오)"
                ),
            )
        }
        Warning::UnreadableRelease { version, problem } => Said::new(
            "unreadable-release",
            words!(
                "version {version} of version.json is left out, it can't be read: {problem}",
                "version.json에 읽을 수 없는 버전이 있어 건너뜁니다({version}): {problem}"
            ),
        ),
    }
}

fn empty_folders(folders: &[String]) -> Words {
    let (count, Words { english, korean }) = (folders.len(), few(folders));
    let plural = if count == 1 { "folder is" } else { "folders are" };
    words!(
        "{count} empty {plural} not published: {english}. Put a file in if the game needs one; .naruignore ends this warning",
        "빈 폴더 {count}개는 배포하지 않습니다: {korean}. 게임에 필요하면 파일을 하나 넣으십시오. .naruignore에 적으면 이 경고가 나오지 않습니다"
    )
}

fn lost_objects(keys: &[String]) -> Words {
    let (count, Words { english, korean }) = (keys.len(), few(keys));
    let are = if count == 1 { "object of the live release is" } else { "objects of the live release are" };
    words!(
        "{count} {are} missing or damaged in the bucket, so players can't install it whole: {english}. Publishing brings them back, under a new number",
        "현재 릴리스의 객체 {count}개가 버킷에 없거나 손상되어 플레이어가 온전히 설치할 수 없습니다: {korean}. 배포하면 새 번호로 다시 올립니다"
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
