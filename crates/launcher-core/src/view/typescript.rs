//! The page's types, made from this folder.

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
        BrandText,
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
        LauncherEvent,
    ];
    text
}
