//! The settings on the disk.

use naru_launcher_core::view::{ErrorCode, Language, ProblemCode, SettingsChange};

use crate::world::World;

#[tokio::test]
async fn what_is_chosen_is_there_at_the_next_start() {
    let world = World::new().await;
    let launcher = world.open();
    assert_eq!(launcher.view().settings.channel, "live");
    assert_eq!(launcher.view().settings.shown_language, Language::Ko, "the system's");
    for change in [
        SettingsChange::Language(Some(Language::En)),
        SettingsChange::RateLimit(Some(2048)),
        SettingsChange::LaunchArguments(vec!["--windowed".into()]),
        SettingsChange::CloseToTray(true),
        SettingsChange::StartWithSystem(true),
        SettingsChange::BuildFolder(Some(world.folder.path().to_str().unwrap().into())),
        SettingsChange::Channel("beta".into()),
    ] {
        launcher.settings().change(change).unwrap();
    }
    let chosen = launcher.view().settings;
    assert_eq!((chosen.rate_limit, &*chosen.channel), (Some(2048), "beta"));
    assert_eq!(chosen.shown_language, Language::En, "what is chosen counts");
    assert_eq!(world.open().view().settings, chosen);
}

#[tokio::test]
async fn a_value_that_makes_no_sense_is_refused_and_changes_nothing() {
    let world = World::new().await;
    let launcher = world.open();
    let before = launcher.view().settings;
    for (change, code) in [
        (SettingsChange::RateLimit(Some(1023)), ProblemCode::Failure(ErrorCode::Config)),
        (SettingsChange::Channel("No Such".into()), ProblemCode::Failure(ErrorCode::Config)),
        (SettingsChange::LaunchArguments(vec!["a\0b".into()]), ProblemCode::Failure(ErrorCode::Config)),
        (SettingsChange::BuildFolder(Some("/no/such/folder".into())), ProblemCode::FolderUnusable),
    ] {
        assert_eq!(launcher.settings().change(change.clone()).unwrap_err().code, code, "{change:?}");
    }
    assert_eq!(launcher.view().settings, before);
}

#[tokio::test]
async fn a_damaged_file_never_keeps_the_launcher_from_starting() {
    let world = World::new().await;
    let file = world.path("data/settings.json");
    crate::world::write(&file, b"{\"closeToTray\": tr");
    let launcher = world.open();
    assert!(!launcher.view().settings.close_to_tray, "the defaults count");
    assert!(world.path("data/settings.json.broken").exists(), "and the damaged one is kept");
    launcher.settings().change(SettingsChange::CloseToTray(true)).unwrap();
    assert!(world.open().view().settings.close_to_tray);
}
