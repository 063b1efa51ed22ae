//! `naru verify` and `naru repair`

use naru_patcher::{Repaired, Verification, Wound, WoundKind};
use serde::Serialize;

use super::Report;
use crate::columns::left;
use crate::language::{Language, say};
use crate::quantity::{bytes, files};

/// What verifying found.
pub struct VerifyReport<'a>(pub &'a Verification);

impl Report for VerifyReport<'_> {
    fn json(&self) -> impl Serialize {
        self.0
    }

    fn lines(&self, language: Language) -> Vec<String> {
        let found = self.0;
        let mut lines: Vec<String> = found.wounds.iter().map(|wound| wound_line(language, wound)).collect();
        let kind = left(language.pick("yours", "직접 변경"), KIND_CELLS);
        lines.extend(found.changed_by_player.iter().map(|path| format!("{kind} {path}")));
        let (release, all) = (found.release, files(language, found.files));
        let size = bytes(found.bytes);
        lines.push(match found.wounds.len() {
            0 => say!(
                language,
                "Release {release} is complete: {all}, {size}.",
                "릴리스 {release}: 모든 파일이 온전합니다({all}, {size})."
            ),
            count => say!(
                language,
                "Release {release}: {count} of {all} damaged.",
                "릴리스 {release}: {all} 중 {count}개가 손상되었습니다."
            ),
        });
        lines
    }
}

/// What repairing came to.
pub struct RepairReport<'a>(pub &'a Repaired);

impl Report for RepairReport<'_> {
    fn json(&self) -> impl Serialize {
        self.0
    }

    fn lines(&self, language: Language) -> Vec<String> {
        let repaired = self.0;
        let mut lines: Vec<String> =
            repaired.wounds.iter().map(|wound| wound_line(language, wound)).collect();
        let release = repaired.release;
        let repaired_files = files(language, repaired.wounds.len() as u64);
        let fetched = bytes(repaired.downloaded_bytes);
        lines.push(match repaired.wounds.len() {
            0 => say!(
                language,
                "Release {release} is complete: nothing to repair.",
                "릴리스 {release}: 모든 파일이 온전합니다. 복구할 것이 없습니다."
            ),
            _ => say!(
                language,
                "Repaired {repaired_files} of release {release}: downloaded {fetched}.",
                "릴리스 {release}의 {repaired_files}를 복구했습니다(내려받은 데이터 {fetched})."
            ),
        });
        lines
    }
}

/// The cells of the widest word for a difference.
const KIND_CELLS: usize = 10;

/// One difference for a person.
fn wound_line(language: Language, wound: &Wound) -> String {
    let what = match wound.kind {
        WoundKind::Missing => language.pick("missing", "없음"),
        WoundKind::Damaged => language.pick("damaged", "손상"),
        WoundKind::WrongSize => language.pick("wrong size", "크기 다름"),
        WoundKind::NotAFile => language.pick("not a file", "파일 아님"),
        WoundKind::Unreadable => language.pick("unreadable", "읽을 수 없음"),
        WoundKind::Mode => language.pick("mode", "권한"),
    };
    format!("{} {}", left(what, KIND_CELLS), wound.path)
}
