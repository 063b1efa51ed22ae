//! The next step, where the table's one for the kind of failure does not fit the case.

use naru_patcher::{BadEntry, PublishError, ScanError, UpdateError};
use naru_store::{FailureKind, Network, StoreError};
use url::Url;

use crate::language::{Words, words};

/// What a publisher can do next.
pub fn of_publish(error: &PublishError) -> Option<Words> {
    match error {
        PublishError::Scan(error) => of_scan(error),
        PublishError::Store(error) => of_bucket(error),
        PublishError::Unclear { source, .. } => of_bucket(source),
        PublishError::Notes(_) => Some(words!("shorten the notes", "릴리스 노트를 줄이십시오")),
        PublishError::BrokenPointer { key, .. } => Some(words!(
            "if a newer Naru wrote it, use that one; otherwise whoever owns the bucket deletes {key} (its versions stay), and the next publish goes on with the number after the last release",
            "더 새로운 나루가 쓴 것이면 그 나루를 쓰십시오. 아니라면 버킷의 주인이 {key} 객체를 지우십시오(이전 버전은 남습니다). 다음 배포는 마지막 릴리스의 다음 번호로 이어집니다"
        )),
        PublishError::NoRelease { .. } => Some(words!(
            "`naru releases` lists the numbers",
            "`naru releases`에서 릴리스 번호를 볼 수 있습니다"
        )),
        PublishError::Gone { .. } | PublishError::Release2017 { .. } => {
            Some(words!("publish that build folder again instead", "대신 그 빌드 폴더를 다시 배포하십시오"))
        }
        _ => None,
    }
}

fn of_scan(error: &ScanError) -> Option<Words> {
    match error {
        ScanError::Entries(entries) => Some(of_entries(entries)),
        ScanError::AllIgnored { .. } | ScanError::Ignore { .. } => Some(words!(
            "mend the patterns of .naruignore (the syntax is that of .gitignore)",
            ".naruignore의 패턴을 고치십시오(문법은 .gitignore와 같습니다)"
        )),
        ScanError::Text { .. } => Some(words!(
            "put a file of UTF-8 text there (PowerShell: `Set-Content -Encoding utf8`)",
            "UTF-8 텍스트 파일로 다시 저장하십시오(PowerShell: `Set-Content -Encoding utf8`)"
        )),
        ScanError::Vanished { .. } | ScanError::Changing { .. } => Some(words!(
            "wait until the build is finished and nothing writes to the folder, then publish again",
            "빌드가 끝나고 폴더에 쓰는 프로그램이 없을 때 다시 배포하십시오"
        )),
        ScanError::Empty(_) | ScanError::NoFolder(_) => {
            Some(words!("check the path of the build folder", "빌드 폴더의 경로를 확인하십시오"))
        }
        _ => None,
    }
}

fn of_entries(entries: &[BadEntry]) -> Words {
    let not_files = entries.iter().filter(|entry| matches!(entry, BadEntry::NotAFile(_))).count();
    match not_files {
        0 => words!(
            "rename the files named above, or exclude them in .naruignore",
            "위에 나온 파일의 이름을 바꾸거나 .naruignore로 제외하십시오"
        ),
        all if all == entries.len() => words!(
            "put a copy of the file there instead, or exclude it in .naruignore",
            "그 자리에 파일의 사본을 두거나 .naruignore로 제외하십시오"
        ),
        _ => words!(
            "rename the files named above, put copies in place of links, or exclude them in .naruignore",
            "위에 나온 파일의 이름을 바꾸고 링크 자리에는 파일의 사본을 두거나 .naruignore로 제외하십시오"
        ),
    }
}

/// The system's limit on this process.
pub fn of_open_files() -> Words {
    words!(
        "this process may hold too few files open at a time: raise the limit (`ulimit -n 256`, or LimitNOFILE= of a service), or lower update.connections and publish.uploads",
        "이 프로세스가 동시에 열 수 있는 파일의 수가 너무 적습니다. 한도를 올리거나(`ulimit -n 256`, 서비스라면 LimitNOFILE=) update.connections와 publish.uploads를 줄이십시오"
    )
}

/// A player who is told of TLS does not think of the clock.
fn of_clock() -> Words {
    words!(
        "the clock of this computer may be wrong: check its date, time and time zone, and run the command again. If they are right, the server's certificate has to be renewed",
        "이 컴퓨터의 시계가 틀렸을 수 있습니다. 날짜, 시각, 시간대를 확인하고 다시 실행하십시오. 시계가 맞다면 서버의 인증서를 갱신해야 합니다"
    )
}

/// The proxy that leads to an address, where there is one.
pub fn of_proxy(network: &Network, place: &str) -> Option<Words> {
    // A bucket without an address of its own is AWS's.
    let place = if place.starts_with("s3://") { "https://s3.amazonaws.com/" } else { place };
    let url = Url::parse(place).ok()?;
    let proxy = network.proxy_for(&url).ok().flatten()?;
    let (name, proxy, host) = (proxy.variable(), proxy.url(), url.host_str().unwrap_or_default());
    Some(words!(
        "the request went through the proxy {proxy} of {name}: check that it runs, or name {host} in NO_PROXY to go without it",
        "{name}에 설정된 프록시 {proxy}를 거쳐 요청했습니다. 프록시가 켜져 있는지 확인하거나, 프록시 없이 연결하려면 NO_PROXY에 {host}를 넣으십시오"
    ))
}

fn of_bucket(error: &StoreError) -> Option<Words> {
    match error.kind {
        FailureKind::WrongKey if is_loopback(error) => Some(words!(
            "keys belong to the data folder of `naru serve`: load the variables that it printed, or its --env-file, into this shell again",
            "키는 `naru serve`의 데이터 폴더마다 다릅니다. 서버가 출력한 변수나 --env-file 파일을 이 셸에 다시 불러오십시오"
        )),
        FailureKind::WrongClock => Some(of_clock()),
        FailureKind::NoBucket => Some(words!(
            "check store.bucket (NARU_BUCKET), the region and the AWS account in use",
            "store.bucket(NARU_BUCKET), 리전, 사용 중인 AWS 계정을 확인하십시오"
        )),
        FailureKind::NoCredentials => Some(words!(
            "set AWS_PROFILE to a profile that exists, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; for a local try, paste what `naru serve` prints",
            "AWS_PROFILE(있는 프로필의 이름) 또는 AWS_ACCESS_KEY_ID와 AWS_SECRET_ACCESS_KEY를 설정하십시오. 로컬에서 시험하려면 `naru serve`가 출력한 줄을 붙여 넣으십시오"
        )),
        FailureKind::Retryable if error.status.is_none() && is_loopback(error) => Some(words!(
            "start `naru serve`, or check AWS_ENDPOINT_URL_S3: it points to this machine",
            "`naru serve`를 시작하거나 이 컴퓨터를 가리키는 AWS_ENDPOINT_URL_S3를 확인하십시오"
        )),
        FailureKind::Retryable if error.status.is_none() => Some(words!(
            "check the connection, the region and AWS_ENDPOINT_URL_S3, and run the command again: it goes on where it stopped",
            "연결, 리전, AWS_ENDPOINT_URL_S3를 확인하고 다시 실행하십시오. 멈춘 곳부터 이어집니다"
        )),
        _ => None,
    }
}

/// What a player, or who installs for one, can do next. The edge knows no AWS credentials.
pub fn of_update(error: &UpdateError) -> Option<Words> {
    match error {
        UpdateError::Store(error) => of_edge(error),
        UpdateError::BrokenPointer { .. } => Some(words!(
            "check edge.url (NARU_EDGE_URL) and store.prefix; a newer Naru may be needed. Else the publisher has to mend it (`naru publish` says how); what is installed stays as it is",
            "edge.url(NARU_EDGE_URL)과 store.prefix를 확인하십시오. 더 새로운 나루가 필요할 수도 있습니다. 아니라면 배포자가 고쳐야 합니다(`naru publish`가 방법을 알려 줍니다). 설치된 게임은 그대로입니다"
        )),
        UpdateError::ClaimedElsewhere { .. } => Some(words!(
            "if no other computer is updating this folder, delete the file named above and run the command again",
            "이 폴더를 업데이트하는 다른 컴퓨터가 없다면 위에 나온 파일을 지우고 다시 실행하십시오"
        )),
        UpdateError::NotAFolder { .. } => {
            Some(words!("choose another folder with --install", "--install로 다른 폴더를 고르십시오"))
        }
        UpdateError::InTheWay { .. } | UpdateError::LinkInTheWay { .. } => Some(words!(
            "move what is named above out of the way, and run the command again",
            "위에 나온 것을 다른 곳으로 옮기고 다시 실행하십시오"
        )),
        UpdateError::Intruder { .. } => Some(words!(
            "another program or an archive has put it there: unmount or delete what is named above (of a link, the link itself), and run the command again; `naru repair` then checks the whole game",
            "다른 프로그램이나 압축 파일이 만든 것입니다. 위에 나온 것의 마운트를 해제하거나 그것을 지우고(링크는 링크 자체만) 다시 실행하십시오. 그다음 `naru repair`로 게임 전체를 확인할 수 있습니다"
        )),
        UpdateError::Journal { .. } => Some(words!(
            "if a newer Naru wrote it, use that one; otherwise delete the file named above and run `naru repair`, which checks the whole game",
            "더 새로운 나루가 쓴 것이면 그 나루를 쓰십시오. 아니라면 위에 나온 파일을 지우고 `naru repair`를 실행하십시오. 게임 전체를 확인합니다"
        )),
        UpdateError::NoInodes { .. } => Some(words!(
            "remove files that are not needed from that disk, or install to another one; nothing was fetched",
            "그 디스크에서 필요 없는 파일을 지우거나 다른 디스크에 설치하십시오. 아무것도 받지 않았습니다"
        )),
        UpdateError::OtherMount { .. } => Some(words!(
            "unmount what is named above, or install the game to a folder on one disk",
            "위에 나온 마운트를 해제하거나 한 디스크에 있는 폴더에 게임을 설치하십시오"
        )),
        UpdateError::NothingPublished { .. } => Some(words!(
            "check edge.url (NARU_EDGE_URL), store.prefix and the channel; `naru publish` makes the first release",
            "edge.url(NARU_EDGE_URL), store.prefix, 채널을 확인하십시오. 첫 릴리스는 `naru publish`로 만듭니다"
        )),
        UpdateError::NotInstalled { .. } => Some(words!(
            "check --install; `naru update` installs the game",
            "--install을 확인하십시오. `naru update`로 게임을 설치합니다"
        )),
        _ => None,
    }
}

fn of_edge(error: &StoreError) -> Option<Words> {
    match error.kind {
        FailureKind::WrongClock => Some(of_clock()),
        FailureKind::Denied if error.status == Some(407) => {
            Some(words!("the proxy wants a name and a password", "프록시가 이름과 암호를 요구합니다"))
        }
        // S3 also answers 403 for what is not there, to whoever may not list the bucket.
        FailureKind::Denied => Some(words!(
            "check edge.url (NARU_EDGE_URL) and store.prefix, and that the distribution may read the bucket",
            "edge.url(NARU_EDGE_URL)과 store.prefix가 맞는지, CloudFront 배포에 버킷 읽기 권한이 있는지 확인하십시오"
        )),
        FailureKind::Retryable if error.status.is_none() && is_loopback(error) => Some(words!(
            "start `naru serve`, or check edge.url (NARU_EDGE_URL): it points to this machine",
            "`naru serve`를 시작하거나 이 컴퓨터를 가리키는 edge.url(NARU_EDGE_URL)을 확인하십시오"
        )),
        _ => None,
    }
}

fn is_loopback(error: &StoreError) -> bool {
    let place = error.at.as_deref().unwrap_or_default();
    let host = place.split("://").nth(1).unwrap_or_default();
    ["127.", "localhost", "[::1]"].iter().any(|own| host.starts_with(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(kind: FailureKind, status: Option<u16>, at: &str) -> StoreError {
        let mut error = StoreError::new("get", "update/version.json", kind, "for the test").in_store(at);
        error.status = status;
        error
    }

    #[test]
    fn an_edge_that_refuses_does_not_ask_for_aws_credentials() {
        let refused = failed(FailureKind::Denied, Some(403), "https://cdn.example.com/");
        let hint = of_update(&UpdateError::Store(refused)).expect("a hint of its own").english;
        assert!(hint.contains("edge.url") && !hint.contains("AWS"), "{hint}");
    }

    #[test]
    fn the_local_cloud_is_named_where_the_address_is_this_machine() {
        for (at, is_local) in
            [("http://127.0.0.1:9700/b/", true), ("http://localhost:1/b/", true), ("s3://b/", false)]
        {
            let lost = failed(FailureKind::Retryable, None, at);
            let hint = of_publish(&PublishError::Store(lost)).expect("a hint of its own").english;
            assert_eq!(hint.contains("naru serve"), is_local, "{at}: {hint}");
        }
        let busy = failed(FailureKind::Retryable, Some(503), "http://127.0.0.1:9700/b/");
        assert!(of_publish(&PublishError::Store(busy)).is_none(), "a server that answers is running");
    }
}
