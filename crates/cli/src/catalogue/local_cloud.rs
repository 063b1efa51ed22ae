//! A local cloud that does not start.

use naru_local_cloud::StartError;
use naru_operations::chain;
use naru_protocol::ErrorCode;

use super::Entry;
use crate::language::{Words, words};

/// The kind of failure, and what is said of it.
pub fn not_started(error: &StartError) -> (ErrorCode, Entry) {
    let english = chain(error);
    match error {
        StartError::Bind { address, source } => {
            let entry = Entry::new(words!("{english}", "{address}에서 연결을 받을 수 없습니다: {source}"));
            let entry = entry.hint(words!(
                "stop the program on that port, or choose another one (--s3-port, --edge-port, --control-port, --services-port, --kakao-port)",
                "그 포트를 쓰는 프로그램을 종료하거나 다른 포트를 고르십시오(--s3-port, --edge-port, --control-port, --services-port, --kakao-port)"
            ));
            (ErrorCode::Busy, entry)
        }
        StartError::InUse(path) => {
            let path = path.display();
            let entry = Entry::new(words!("{english}", "{path}: 다른 로컬 클라우드가 쓰고 있습니다"));
            let entry = entry.hint(words!(
                "stop the other `naru serve`, or choose another folder with --data",
                "실행 중인 다른 `naru serve`를 종료하거나 --data로 다른 폴더를 지정하십시오"
            ));
            (ErrorCode::Busy, entry)
        }
        StartError::NotLoopback(address) => {
            (ErrorCode::Usage, Entry::new(words!("{english}", "{address}: 루프백 주소만 쓸 수 있습니다")))
        }
        StartError::BucketName(_) => (ErrorCode::Usage, Entry::new(refused(&english))),
        StartError::Services(_) | StartError::Storage(_) => {
            let entry = Entry::new(refused(&english)).hint(words!(
                "choose a writable folder with free space (--data)",
                "쓰기 권한과 남은 공간이 있는 폴더를 --data로 지정하십시오"
            ));
            (ErrorCode::DiskRefused, entry)
        }
    }
}

fn refused(english: &str) -> Words {
    words!("{english}", "로컬 클라우드를 시작할 수 없습니다: {english}")
}
