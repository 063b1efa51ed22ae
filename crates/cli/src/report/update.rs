//! `naru update`

use naru_operations::UpdateOutcome;
use naru_patcher::{UpdatePlan, Updated};
use naru_protocol::RelPath;
use serde::Serialize;
use serde_json::json;

use super::{Report, notes};
use crate::language::{Language, say, with_particle};
use crate::quantity::{bytes, files};

/// What a dry run comes to.
pub struct UpdatePreview<'a>(pub &'a UpdatePlan);

impl Report for UpdatePreview<'_> {
    fn json(&self) -> impl Serialize {
        self.0
    }

    fn lines(&self, language: Language) -> Vec<String> {
        let plan = self.0;
        let mut lines = Vec::new();
        if plan.interrupted {
            lines.push(say!(
                language,
                "An interrupted update will be finished first.",
                "중단된 업데이트를 먼저 마칩니다."
            ));
        }
        lines.push(plan_line(language, plan));
        if plan.from != Some(plan.to) {
            lines.extend(notes::shown(language, &plan.notes));
        }
        lines.extend(staying_lines(language, plan));
        lines
    }
}

/// An update that begins.
pub struct UpdateBegun<'a>(pub &'a UpdatePlan);

impl Report for UpdateBegun<'_> {
    fn json(&self) -> impl Serialize {
        self.0
    }

    fn lines(&self, language: Language) -> Vec<String> {
        let plan = self.0;
        let mut lines = Vec::new();
        // The result says it all.
        if plan.is_empty() {
            return lines;
        }
        if plan.interrupted {
            lines.push(say!(
                language,
                "An interrupted update was finished first.",
                "중단되었던 업데이트를 먼저 마쳤습니다."
            ));
        }
        lines.push(plan_line(language, plan));
        lines
    }
}

/// What an update came to.
pub struct UpdateReport<'a>(pub &'a UpdateOutcome);

impl Report for UpdateReport<'_> {
    fn json(&self) -> impl Serialize {
        json!(self.0)
    }

    fn lines(&self, language: Language) -> Vec<String> {
        let (line, is_news) = match self.0 {
            // The user has not seen the notes of an update that another run began.
            UpdateOutcome::UpToDate(release) => {
                (installed_line(language, release.to, release.interrupted), release.interrupted)
            }
            UpdateOutcome::Installed(release) => {
                (updated_line(language, release), release.from != Some(release.to))
            }
        };
        let mut lines = vec![line];
        if is_news {
            lines.extend(notes::shown(language, &self.0.release().notes));
        }
        lines
    }
}

fn plan_line(language: Language, plan: &UpdatePlan) -> String {
    let UpdatePlan { to, moved_files, deleted_files, .. } = plan;
    let (all, wanted) = (files(language, plan.files), files(language, plan.download_files));
    let (size, download) = (bytes(plan.bytes), bytes(plan.download_bytes));
    let change = match plan.from {
        Some(from) if from != *to => format!("{from} -> {to}"),
        _ => to.to_string(),
    };
    say!(
        language,
        "Release {change}: {download} in {wanted} to download (of {size} in {all}), {moved_files} moved, {deleted_files} deleted",
        "릴리스 {change}: 내려받을 {wanted} {download}(전체 {all} {size}), 이동 {moved_files}개, 삭제 {deleted_files}개"
    )
}

/// How many of the player's files are listed; the rest is counted.
const LISTED: usize = 30;

/// What an update leaves as the player has it.
fn staying_lines(language: Language, plan: &UpdatePlan) -> Vec<String> {
    let word = language.pick("kept", "유지");
    let both = |path: &RelPath| {
        say!(
            language,
            "{word} {path} (changed by you and by the release)",
            "{word} {path} (사용자와 릴리스가 모두 변경)"
        )
    };
    let own = |path: &RelPath| say!(language, "{word} {path} (yours)", "{word} {path} (사용자의 파일)");
    let mut lines: Vec<String> = plan.kept.iter().map(both).collect();
    lines.extend(plan.untouched.iter().map(own));
    let more = lines.len().saturating_sub(LISTED);
    if more > 0 {
        lines.truncate(LISTED);
        lines.push(say!(language, "… and {more} more", "… 그 밖에 {more}개"));
    }
    lines
}

fn installed_line(language: Language, number: u64, was_interrupted: bool) -> String {
    let release = with_particle(number, "이", "가");
    match was_interrupted {
        true => say!(
            language,
            "Finished an interrupted update: release {number} is installed.",
            "중단되었던 업데이트를 마쳤습니다. 릴리스 {release} 설치되어 있습니다."
        ),
        false => say!(
            language,
            "Release {number} is already installed.",
            "릴리스 {release} 이미 설치되어 있습니다."
        ),
    }
}

fn updated_line(language: Language, updated: &Updated) -> String {
    let Updated { to, moved_files, deleted_files, .. } = updated;
    let wanted = files(language, updated.downloaded_files);
    let fetched = bytes(updated.downloaded_bytes);
    let here = bytes(updated.resumed_bytes);
    let here = match updated.resumed_bytes {
        0 => String::new(),
        _ => say!(language, " ({here} already on the disk)", "(미리 받아 둔 데이터 {here})"),
    };
    let release = with_particle(*to, "을", "를");
    say!(
        language,
        "Installed release {to}: downloaded {fetched} for {wanted}{here}, {moved_files} moved, {deleted_files} deleted.",
        "릴리스 {release} 설치했습니다: 내려받은 {wanted} {fetched}{here}, 이동 {moved_files}개, 삭제 {deleted_files}개."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finishing_another_update_is_not_nothing() {
        let finished = installed_line(Language::En, 3, true);
        assert_eq!(finished, "Finished an interrupted update: release 3 is installed.");
        assert_eq!(installed_line(Language::En, 3, false), "Release 3 is already installed.");
        let korean = installed_line(Language::Ko, 2, true);
        assert_eq!(korean, "중단되었던 업데이트를 마쳤습니다. 릴리스 2가 설치되어 있습니다.");
    }

    #[test]
    fn what_was_here_already_is_named_only_where_there_was_something() {
        let mut updated = Updated {
            from: None,
            to: 3,
            notes: String::new(),
            interrupted: false,
            downloaded_bytes: 1024,
            downloaded_files: 1,
            resumed_bytes: 0,
            moved_files: 0,
            deleted_files: 0,
            kept: Vec::new(),
        };
        let fresh = updated_line(Language::En, &updated);
        assert_eq!(fresh, "Installed release 3: downloaded 1.0 KiB for 1 file, 0 moved, 0 deleted.");
        updated.resumed_bytes = 2048;
        let resumed = updated_line(Language::En, &updated);
        assert!(resumed.contains("for 1 file (2.0 KiB already on the disk), "), "{resumed}");
        let korean = updated_line(Language::Ko, &updated);
        assert!(
            korean.starts_with("릴리스 3을 설치했습니다: 내려받은 파일 1개 1.0 KiB(미리 받아 둔"),
            "{korean}"
        );
    }
}
