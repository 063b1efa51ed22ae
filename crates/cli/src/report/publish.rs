//! `naru publish`

use naru_operations::PublishOutcome;
use naru_patcher::{Change, ChangeKind, PublishPlan};
use naru_protocol::Channel;
use serde::Serialize;
use serde_json::json;

use super::Report;
use crate::columns::left;
use crate::language::{Language, say, with_particle};
use crate::quantity::{bytes, files};

/// What a dry run comes to.
pub struct PublishPreview<'a> {
    /// What differs from the live release.
    pub plan: &'a PublishPlan,
    /// On which channel.
    pub channel: &'a Channel,
}

impl Report for PublishPreview<'_> {
    fn json(&self) -> impl Serialize {
        plan_on_channel(self.plan, self.channel)
    }

    fn lines(&self, language: Language) -> Vec<String> {
        plan_lines(language, self.plan, true)
    }
}

/// What is about to be published.
pub struct PublishBegun<'a>(pub PublishPreview<'a>);

impl Report for PublishBegun<'_> {
    fn json(&self) -> impl Serialize {
        self.0.json()
    }

    fn lines(&self, language: Language) -> Vec<String> {
        match self.0.plan.is_empty() {
            true => Vec::new(),
            false => plan_lines(language, self.0.plan, false),
        }
    }
}

/// The fields of a plan's JSON line.
pub(super) fn plan_on_channel(plan: &impl Serialize, channel: &Channel) -> serde_json::Value {
    let mut body = json!(plan);
    body["channel"] = json!(channel);
    body
}

/// What publishing came to.
pub struct PublishReport<'a>(pub &'a PublishOutcome);

impl Report for PublishReport<'_> {
    fn json(&self) -> impl Serialize {
        json!(self.0)
    }

    fn lines(&self, language: Language) -> Vec<String> {
        let release = self.0.release();
        let number = release.number;
        let PublishOutcome::Published { channel, .. } = self.0 else {
            let release = with_particle(number, "은", "는");
            return vec![say!(
                language,
                "Nothing changed: release {number} already has this build. No new release was made.",
                "바뀐 것이 없습니다. 릴리스 {release} 이 빌드와 같습니다. 새 릴리스는 만들지 않았습니다."
            )];
        };
        let (all, uploaded) = (files(language, release.files), files(language, release.uploaded_files));
        let (size, sent) = (bytes(release.bytes), bytes(release.uploaded_bytes));
        let before = stored_before(language, release.resumed_bytes);
        let release = with_particle(number, "을", "를");
        vec![say!(
            language,
            "Published release {number} ({channel}): {all}, {size}; uploaded {uploaded}, {sent}{before}.",
            "릴리스 {release} 배포했습니다({channel}): 전체 {all} {size}, 업로드한 {uploaded} {sent}{before}."
        )]
    }
}

/// The question before a publish.
pub fn publish_question(language: Language, plan: &PublishPlan, channel: &Channel) -> String {
    let (next, size) = (plan.next, bytes(plan.upload_bytes));
    let release = with_particle(next, "을", "를");
    say!(
        language,
        "Upload {size} and publish release {next} to all players of channel {channel}?",
        "{size}를 업로드하고 릴리스 {release} {channel} 채널의 모든 플레이어에게 배포할까요?"
    )
}

/// How many changed files are listed before a publish; a dry run lists all.
const LISTED: usize = 30;

fn plan_lines(language: Language, plan: &PublishPlan, all: bool) -> Vec<String> {
    let shown = if all { plan.changes.len() } else { plan.changes.len().min(LISTED) };
    let mut lines: Vec<String> =
        plan.changes[..shown].iter().map(|change| change_line(language, change)).collect();
    let more = plan.changes.len() - shown;
    if more > 0 {
        lines.push(say!(language, "… and {more} more", "… 그 밖에 {more}개"));
    }
    if plan.changed_patterns {
        lines.push(say!(
            language,
            "The patterns of players' files (publish.preserve, publish.config) differ from those of the live release.",
            "플레이어 파일의 패턴(publish.preserve, publish.config)이 현재 릴리스와 다릅니다."
        ));
    }
    lines.extend(restoring_lines(language, plan, all));
    if plan.takes_over_2017 {
        lines.push(say!(
            language,
            "The bucket was filled by the 2017 tool; Naru takes it over with this release.",
            "2017년 도구로 채워진 버킷입니다. 이 릴리스부터 나루가 이어받습니다."
        ));
    }
    lines.push(sum_line(language, plan));
    lines
}

/// What a release does for players of the live one, besides its changes.
fn restoring_lines(language: Language, plan: &PublishPlan, all: bool) -> Vec<String> {
    let shown = if all { plan.lost.len() } else { plan.lost.len().min(LISTED) };
    let lost = language.pick("lost", "유실");
    let mut lines: Vec<String> =
        plan.lost[..shown].iter().map(|key| format!("{} {key}", left(lost, KIND_CELLS))).collect();
    if let (true, Some(live), Some(highest)) = (plan.outranked, plan.live, plan.highest) {
        let next = plan.next;
        lines.push(say!(
            language,
            "Release {live} is live, but players may have a release up to {highest}: release {next} gets a number above them all.",
            "현재 릴리스의 번호는 {live}이지만 플레이어는 {highest}번까지의 다른 릴리스를 설치했을 수 있습니다. 새 릴리스의 번호는 그보다 높은 {next}입니다."
        ));
    }
    lines
}

fn sum_line(language: Language, plan: &PublishPlan) -> String {
    let (changes, all_files) = (plan.changes.len(), files(language, plan.files));
    let (size, upload) = (bytes(plan.bytes), bytes(plan.upload_bytes));
    let plural = if changes == 1 { "" } else { "s" };
    let sent = stored_before(language, plan.resumed_bytes);
    match language {
        Language::En => {
            format!("{changes} change{plural}; {upload} to upload{sent}; {all_files}, {size} in total")
        }
        Language::Ko => format!("변경 {changes}건, 업로드 {upload}{sent}, 전체 {all_files} {size}"),
    }
}

fn stored_before(language: Language, resumed: u64) -> String {
    let resumed = match resumed {
        0 => return String::new(),
        count => bytes(count),
    };
    say!(language, " ({resumed} already in the bucket)", "(버킷에 이미 있는 {resumed} 제외)")
}

/// The cells of the widest word for a change, and one more.
const KIND_CELLS: usize = 8;

fn change_line(language: Language, change: &Change) -> String {
    let (path, size) = (&change.path, bytes(change.size));
    let (kind, what) = match &change.kind {
        ChangeKind::New => (language.pick("new", "추가"), format!("{path} ({size})")),
        ChangeKind::Changed => (language.pick("changed", "변경"), format!("{path} ({size})")),
        ChangeKind::Moved { from } => (language.pick("moved", "이동"), format!("{from} -> {path}")),
        ChangeKind::Deleted => (language.pick("deleted", "삭제"), path.to_string()),
        ChangeKind::Mode => (language.pick("mode", "권한"), path.to_string()),
    };
    format!("{} {what}", left(kind, KIND_CELLS))
}
