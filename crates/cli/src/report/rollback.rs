//! `naru rollback`

use naru_operations::PublishOutcome;
use naru_patcher::RollbackPlan;
use naru_protocol::Channel;
use serde::Serialize;
use serde_json::json;

use super::publish::plan_on_channel;
use super::{Report, notes};
use crate::language::{Language, say, with_direction, with_particle};
use crate::quantity::{bytes, files};

/// What a dry run comes to.
pub struct RollbackPreview<'a> {
    /// The release that would be made.
    pub plan: &'a RollbackPlan,
    /// On which channel.
    pub channel: &'a Channel,
}

impl Report for RollbackPreview<'_> {
    fn json(&self) -> impl Serialize {
        plan_on_channel(self.plan, self.channel)
    }

    fn lines(&self, language: Language) -> Vec<String> {
        let plan = self.plan;
        if plan.is_empty() {
            return vec![live_already(language, plan.live.unwrap_or_default())];
        }
        let mut lines = vec![plan_line(language, plan)];
        lines.extend(notes::shown(language, &plan.notes));
        lines
    }
}

/// A rollback that begins. For a person, the question says it.
pub struct RollbackBegun<'a>(pub RollbackPreview<'a>);

impl Report for RollbackBegun<'_> {
    fn json(&self) -> impl Serialize {
        self.0.json()
    }

    fn lines(&self, _language: Language) -> Vec<String> {
        Vec::new()
    }
}

/// What a rollback came to.
pub struct RollbackReport<'a> {
    /// The release whose content was wanted.
    pub wanted: u64,
    /// What it came to.
    pub outcome: &'a PublishOutcome,
}

impl Report for RollbackReport<'_> {
    fn json(&self) -> impl Serialize {
        json!(self.outcome)
    }

    fn lines(&self, language: Language) -> Vec<String> {
        let (wanted, number) = (self.wanted, self.outcome.release().number);
        vec![match self.outcome {
            PublishOutcome::AlreadyLive(_) => live_already(language, number),
            PublishOutcome::Published { .. } => {
                let release = with_particle(number, "이", "가");
                say!(
                    language,
                    "Release {number} is live: the content of release {wanted}.",
                    "릴리스 {release} 배포되었습니다: 릴리스 {wanted}의 내용입니다."
                )
            }
        }]
    }
}

/// The question before a rollback.
pub fn rollback_question(language: Language, plan: &RollbackPlan, channel: &Channel) -> String {
    let RollbackPlan { number, next, .. } = plan;
    let release = with_direction(*next);
    say!(
        language,
        "Publish the content of release {number} to all players of channel {channel}, as release {next}?",
        "릴리스 {number}의 내용을 릴리스 {release} {channel} 채널의 모든 플레이어에게 배포할까요?"
    )
}

fn plan_line(language: Language, plan: &RollbackPlan) -> String {
    let RollbackPlan { number, next, .. } = plan;
    let (all, size, release) = (files(language, plan.files), bytes(plan.bytes), with_direction(*next));
    say!(
        language,
        "Would publish the content of release {number} as release {next}: {all}, {size}; nothing to upload",
        "릴리스 {number}의 내용을 릴리스 {release} 배포하게 됩니다: 전체 {all} {size}, 업로드 없음"
    )
}

fn live_already(language: Language, number: u64) -> String {
    let release = with_particle(number, "은", "는");
    say!(
        language,
        "Release {number} already has this content and is live. No new release was made.",
        "현재 릴리스 {release} 이 내용과 같습니다. 새 릴리스는 만들지 않았습니다."
    )
}
