//! The page's types, and the rules that it would otherwise repeat, made from this folder.

use naru_protocol::{Limits, ShownName};
use serde::Serialize;
use ts_rs::{Config, TS};

use super::*;

const HEAD: &str = "\
// Made from crates/launcher-core/src/view by: cargo run -p naru-launcher-core --example page_types
// A test compares; change the Rust side.
";

/// The whole of `ui/src/backend/types.ts`.
pub fn typescript() -> String {
    let config = Config::default();
    let mut text = String::from(HEAD);
    macro_rules! declare {
        ($($type:ty),* $(,)?) => {
            $(text.push_str(&format!("\nexport {}\n", <$type>::decl(&config)));)*
        };
    }
    declare![
        Launcher,
        Brand,
        Bilingual,
        NewsItem,
        Settings,
        SettingsChange,
        Language,
        FolderLook,
        Game,
        Action,
        InstalledRelease,
        Offer,
        OfferedRelease,
        Account,
        Provider,
        LoginWay,
        Player,
        PublicName,
        Remembered,
        Job,
        JobKind,
        JobTraits,
        GameUse,
        Transfer,
        JobState,
        JobPhase,
        JobWarning,
        JobWarningKind,
        Outcome,
        Problem,
        ProblemCode,
        Changed,
        Board,
        BoardRow,
        Statistics,
        StatisticsBar,
        PublisherAccess,
        Build,
        BuildChange,
        BuildChangeKind,
        Prediction,
        ReleaseRow,
        LauncherUpdate,
        Obstacles,
        Obstacle,
        LauncherEvent,
    ];
    text.push_str(&rules());
    text
}

/// What the page would otherwise repeat.
fn rules() -> String {
    let jobs: String =
        JobKind::ALL.map(|kind| format!("  {}: {},\n", json(&kind), json(&kind.traits()))).concat();
    format!(
        "
/** What holds of every job of a kind. */
export const JOB_TRAITS: Record<JobKind, JobTraits> = {{
{jobs}}}

/** Bytes of UTF-8 that a release's notes have at most. */
export const NOTES_LIMIT = {notes}

/** Characters, as a reader counts them, that a player's public name has at most; and code points. */
export const NAME_LIMIT = {{ characters: {characters}, codePoints: {code_points} }}
",
        notes = Limits::NOTES,
        characters = ShownName::MOST_CHARACTERS,
        code_points = ShownName::MOST_CODE_POINTS,
    )
}

fn json(value: &impl Serialize) -> String {
    serde_json::json!(value).to_string()
}
