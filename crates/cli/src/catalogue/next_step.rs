//! The next step, where the circumstances say more than the error.

use naru_operations::NextStep;

use crate::language::{Words, words};

/// What to do.
pub fn next_step(step: &NextStep) -> Words {
    match step {
        // A player who is told of TLS does not think of the clock.
        NextStep::CheckClock => words!(
            "the clock of this computer may be wrong: check its date, time and time zone, and run the command again. If they are right, the server's certificate has to be renewed",
            "이 컴퓨터의 시계가 틀렸을 수 있습니다. 날짜, 시각, 시간대를 확인하고 다시 실행하십시오. 시계가 맞다면 서버의 인증서를 갱신해야 합니다"
        ),
        NextStep::RaiseOpenFiles => words!(
            "the limit on open files is too low: raise it (`ulimit -n 256`, or LimitNOFILE= of a service), or lower update.connections and publish.uploads",
            "동시에 열 수 있는 파일 수의 한도가 너무 낮습니다. 한도를 올리거나(`ulimit -n 256`, 서비스라면 LimitNOFILE=) update.connections와 publish.uploads를 줄이십시오"
        ),
        NextStep::LoadLocalKeys => words!(
            "each data folder of `naru serve` has its own keys: load the printed variables, or the --env-file, into this shell again",
            "키는 `naru serve`의 데이터 폴더마다 다릅니다. 서버가 출력한 변수나 --env-file 파일을 이 셸에 다시 불러오십시오"
        ),
        NextStep::StartLocalBucket => words!(
            "start `naru serve`, or check AWS_ENDPOINT_URL_S3: it points to this machine",
            "`naru serve`를 시작하거나 이 컴퓨터를 가리키는 AWS_ENDPOINT_URL_S3를 확인하십시오"
        ),
        NextStep::StartLocalEdge => words!(
            "start `naru serve`, or check edge.url (NARU_EDGE_URL): it points to this machine",
            "`naru serve`를 시작하거나 이 컴퓨터를 가리키는 edge.url(NARU_EDGE_URL)을 확인하십시오"
        ),
        NextStep::CheckBucket => words!(
            "check store.bucket (NARU_BUCKET), the region and the AWS account in use",
            "store.bucket(NARU_BUCKET), 리전, 사용 중인 AWS 계정을 확인하십시오"
        ),
        NextStep::CheckEdge => words!(
            "check edge.url (NARU_EDGE_URL) and store.prefix, and that the distribution may read the bucket",
            "edge.url(NARU_EDGE_URL)과 store.prefix가 맞는지, CloudFront 배포에 버킷 읽기 권한이 있는지 확인하십시오"
        ),
        NextStep::SetCredentials => words!(
            "set AWS_PROFILE to an existing profile, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; to try Naru locally, paste the lines that `naru serve` prints",
            "AWS_PROFILE(있는 프로필의 이름) 또는 AWS_ACCESS_KEY_ID와 AWS_SECRET_ACCESS_KEY를 설정하십시오. 로컬에서 시험하려면 `naru serve`가 출력한 줄을 붙여 넣으십시오"
        ),
        NextStep::CheckConnection => words!(
            "check the connection, the region and AWS_ENDPOINT_URL_S3, and run the command again: it continues where it stopped",
            "연결, 리전, AWS_ENDPOINT_URL_S3를 확인하고 다시 실행하십시오. 멈춘 곳부터 이어집니다"
        ),
        NextStep::SetProxyPassword => {
            words!(
                "the proxy requires a user name and a password",
                "프록시에 사용자 이름과 비밀번호가 필요합니다"
            )
        }
        NextStep::CheckProxy { variable, proxy, host } => words!(
            "the request went through the proxy {proxy} (from {variable}): check that it is running, or add {host} to NO_PROXY to bypass it",
            "{variable}에 설정된 프록시 {proxy}를 거쳐 요청했습니다. 프록시가 켜져 있는지 확인하거나, 프록시 없이 연결하려면 NO_PROXY에 {host}를 넣으십시오"
        ),
    }
}
