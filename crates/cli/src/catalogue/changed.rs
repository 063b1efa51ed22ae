//! What a failed command has changed.

use naru_operations::Changed;

use crate::language::{Words, words};

/// The state that a failure leaves behind.
pub fn changed(changed: Changed) -> Words {
    match changed {
        Changed::OnlyRead | Changed::Nothing => words!("nothing was changed", "바뀐 것은 없습니다"),
        Changed::OnlyUploads => words!(
            "nothing was published: players still get the same release as before",
            "배포되지 않았습니다. 플레이어는 이전과 같은 릴리스를 받습니다"
        ),
        Changed::Released => words!(
            "the release is published; only a later step failed",
            "릴리스는 배포되었습니다. 그 뒤의 단계만 실패했습니다"
        ),
        Changed::Unclear => words!(
            "the release may be published: check `naru releases`",
            "릴리스가 배포되었을 수 있습니다. `naru releases`로 확인하십시오"
        ),
        Changed::OnlyStage => words!("the installed game was not changed", "설치된 게임은 바뀌지 않았습니다"),
        Changed::Midway => words!(
            "the update was installing files; the next `naru update` finishes that first",
            "새 파일을 설치하던 중이었습니다. 다음 `naru update`가 그 작업부터 마칩니다"
        ),
        Changed::Everything => words!("the command did its work", "작업 자체는 마쳤습니다"),
    }
}
