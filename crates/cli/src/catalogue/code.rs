//! The one table from a kind of failure to its exit code, sentence and next step.

use naru_protocol::ErrorCode;

use crate::language::Language;

/// What the command line says and answers about one kind of failure.
pub struct Message {
    /// What the process answers. Published: a number never changes its meaning.
    pub exit: u8,
    sentence: [&'static str; 2],
    hint: [&'static str; 2],
}

impl Message {
    /// What happened, without particulars.
    pub fn sentence(&self, language: Language) -> &'static str {
        language.pick(self.sentence[0], self.sentence[1])
    }

    /// The next step.
    pub fn hint(&self, language: Language) -> &'static str {
        language.pick(self.hint[0], self.hint[1])
    }
}

const fn row(exit: u8, sentence: [&'static str; 2], hint: [&'static str; 2]) -> Message {
    Message { exit, sentence, hint }
}

/// What is said of a kind of failure; by exit code.
#[rustfmt::skip]
pub const fn message(code: ErrorCode) -> Message {
    match code {
        ErrorCode::Internal => row(1,
            ["an internal error occurred in Naru", "나루에서 내부 오류가 발생했습니다"],
            ["run the command again; if it still fails, report the whole message", "다시 실행하십시오. 또 실패하면 이 메시지 전체를 보내 주십시오"]),
        ErrorCode::Usage => row(2,
            ["the command line is incomplete or wrong", "명령이 불완전하거나 잘못되었습니다"],
            ["`naru help` lists the commands", "`naru help`에서 명령 목록을 볼 수 있습니다"]),
        ErrorCode::Config => row(3,
            ["a setting is missing or wrong", "설정이 없거나 잘못되었습니다"],
            ["`naru init` writes a commented naru.toml with every setting", "`naru init`을 실행하면 모든 설정에 설명이 붙은 naru.toml이 만들어집니다"]),
        ErrorCode::BadBuild => row(4,
            ["the build folder can't be published as it is", "이 빌드 폴더는 지금 상태로는 배포할 수 없습니다"],
            ["fix the files named above, or exclude them in .naruignore", "위에 나온 파일을 고치거나 .naruignore로 제외하십시오"]),
        ErrorCode::Conflict => row(5,
            ["another release was published at the same time", "동시에 다른 릴리스가 배포되었습니다"],
            ["check `naru releases`, and publish again if your build is still the right one", "`naru releases`를 확인하십시오. 그래도 이 빌드를 배포하려면 다시 실행하십시오"]),
        ErrorCode::Denied => row(6,
            ["access was denied, or credentials are missing", "접근이 거부되었거나 자격 증명이 없습니다"],
            ["check the AWS credentials in use (`aws sts get-caller-identity`) and their permissions on this bucket", "사용 중인 AWS 자격 증명(`aws sts get-caller-identity`)과 이 버킷에 대한 권한을 확인하십시오"]),
        ErrorCode::NotFound => row(7,
            ["the requested item was not found", "요청한 항목을 찾을 수 없습니다"],
            ["check the path, the release number (`naru releases`), bucket, prefix and URL", "경로, 릴리스 번호(`naru releases`), 버킷, 접두사, URL을 확인하십시오"]),
        ErrorCode::Unreachable => row(8,
            ["the server can't be reached or keeps failing", "서버에 연결할 수 없거나 계속 실패합니다"],
            ["check the connection and run the command again: it continues where it stopped", "연결을 확인하고 다시 실행하십시오. 멈춘 곳부터 이어집니다"]),
        ErrorCode::Corrupt => row(9,
            ["the downloaded data does not match the release", "받은 데이터가 릴리스와 다릅니다"],
            ["run the command again; if it keeps failing, the copy on the server or in a proxy is damaged", "다시 실행하십시오. 계속되면 서버나 중간 프록시의 사본이 손상된 것입니다"]),
        ErrorCode::BadFormat => row(10,
            ["a document of the release is malformed or exceeds a limit", "릴리스 문서의 형식이 잘못되었거나 한도를 넘었습니다"],
            ["a newer Naru may be needed; otherwise check the URL and publish again", "더 새로운 버전의 나루가 필요할 수 있습니다. 아니라면 URL을 확인하고 다시 배포하십시오"]),
        ErrorCode::OlderRelease => row(11,
            ["the server offers an older release than the installed one", "서버의 릴리스가 설치된 것보다 오래되었습니다"],
            ["wait a few minutes for the edge; to go back on purpose, use `naru rollback`, which publishes under a new number", "몇 분 뒤 엣지가 갱신되면 다시 실행하십시오. 일부러 되돌리려면 새 번호로 배포하는 `naru rollback`을 쓰십시오"]),
        ErrorCode::NoSpace => row(12,
            ["there is not enough disk space", "디스크 공간이 부족합니다"],
            ["free some space and run the command again: downloaded data is kept", "공간을 비우고 다시 실행하십시오. 이미 받은 데이터는 남아 있습니다"]),
        ErrorCode::DiskRefused => row(13,
            ["the disk refused a read or a write", "디스크에서 읽거나 쓸 수 없습니다"],
            ["close the game, check the folder's permissions, and run the command again", "게임을 종료하고 폴더의 권한을 확인한 뒤 다시 실행하십시오"]),
        ErrorCode::Busy => row(14,
            ["another program is using what this command needs", "이 명령에 필요한 것을 다른 프로그램이 쓰고 있습니다"],
            ["wait until it has finished, then run the command again", "그 작업이 끝난 뒤 다시 실행하십시오"]),
        ErrorCode::Wounds => row(15,
            ["some installed files are damaged", "설치된 파일 일부가 손상되었습니다"],
            ["`naru repair` fixes them", "`naru repair`로 복구할 수 있습니다"]),
        ErrorCode::UnsafeStore => row(16,
            ["the store lacks a feature that safe publishing needs", "이 저장소에는 안전한 배포에 필요한 기능이 없습니다"],
            ["turn on versioning for the bucket; the server must support conditional writes (If-Match)", "버킷의 버전 관리를 켜십시오. 서버가 조건부 쓰기(If-Match)를 지원해야 합니다"]),
        ErrorCode::BrokenLedger => row(17,
            ["the installation record is damaged; the game's files may be intact", "설치 기록이 손상되었습니다. 게임 파일은 온전할 수 있습니다"],
            ["`naru repair` compares every file with the newest release and writes a new record; add --channel if the game is not from live", "`naru repair`가 모든 파일을 최신 릴리스와 비교하고 기록을 다시 만듭니다. live가 아닌 채널의 게임이라면 --channel을 붙이십시오"]),
        ErrorCode::Cancelled => row(130,
            ["stopped on request", "요청에 따라 중단했습니다"],
            ["run the same command again: it continues where it stopped", "같은 명령을 다시 실행하면 중단한 곳부터 이어집니다"]),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const DOCUMENTED: &str = include_str!("../../../../docs/publishing.md");

    fn by_number() -> BTreeMap<u8, String> {
        let name = |code| serde_json::to_value(code).ok().and_then(|name| name.as_str().map(str::to_owned));
        ErrorCode::ALL.into_iter().map(|code| (message(code).exit, name(code).expect("a name"))).collect()
    }

    #[test]
    fn every_code_has_its_own_number() {
        assert_eq!(by_number().len(), ErrorCode::ALL.len(), "a script tells failures apart by number");
    }

    #[test]
    fn the_documented_exit_codes_are_these() {
        let documented: Vec<(u8, String)> = DOCUMENTED
            .lines()
            .filter_map(|line| {
                let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
                let number = cells.next()?.parse().ok()?;
                Some((number, cells.next()?.trim_matches('`').to_owned()))
            })
            .filter(|(number, _)| *number != 0)
            .collect();
        let ours: Vec<(u8, String)> = by_number().into_iter().collect();
        assert_eq!(documented, ours, "docs/publishing.md promises these numbers to scripts");
    }
}
