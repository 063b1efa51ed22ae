//! Playing: the game's files, native games, and an update that was cut off before.

use std::sync::Arc;

use naru_launcher_core::view::{
    self, Action, LauncherEvent, Obstacle, Obstacles, Offer, ProblemCode, SettingsChange,
};
use naru_launcher_core::{GameFileError, Start};
use naru_patcher::{
    InstallFolder, Phase, PhaseProgress, ProgressSink, Silent, Total, UpdateOptions, Updater, Warning,
};
use naru_store::{EdgeOptions, EdgeStore};

use crate::person::log_in;
use crate::world::{World, until};

#[tokio::test(flavor = "multi_thread")]
async fn the_games_window_gets_the_games_files_while_it_plays() {
    let world = World::new().await;
    let launcher = world.installed(&[("index.html", b"<h1>"), ("src/game.js", b"play()")]).await;
    assert!(matches!(launcher.game().kind(), Start::Web { entry } if entry.as_str() == "index.html"));
    launcher.game().file("index.html").expect_err("no game runs");
    let playing = launcher.game().play().await.unwrap();
    assert_eq!(launcher.view().game.action, Action::Playing);
    let game = vec![Obstacle::Game];
    let beside_the_game = Obstacles { play: game.clone(), publish: vec![], self_update: game };
    assert_eq!(launcher.view().obstacles, beside_the_game);
    world.heard.until("obstacles", |event| *event == LauncherEvent::Obstacles(beside_the_game.clone())).await;
    let page = launcher.game().file("index.html").unwrap();
    assert_eq!((&*page.bytes, page.media_type), (&b"<h1>"[..], "text/html; charset=utf-8"));
    assert_eq!(launcher.game().file("src/game.js").unwrap().media_type, "text/javascript; charset=utf-8");

    for path in ["../data/settings.json", ".naru/filedb.db", "src", "", "/index.html", "src/../index.html"] {
        let error = launcher.game().file(path).unwrap_err();
        assert!(matches!(error, GameFileError::Unknown { .. }), "{path}: {error:?}");
    }
    std::fs::write(world.install().join("src/game.js"), b"steal()").unwrap();
    let error = launcher.game().file("src/game.js").unwrap_err();
    assert!(matches!(error, GameFileError::Altered { .. }), "a byte that is not the release's: {error:?}");

    assert_eq!(launcher.game().update().unwrap_err().code, ProblemCode::GameRunning);
    assert_eq!(
        launcher.game().play().await.err().unwrap().code,
        ProblemCode::GameRunning,
        "one game at a time"
    );
    drop(playing);
    assert!(!launcher.view().game.playing, "its window is closed");
    let nothing = Obstacles { play: vec![], publish: vec![], self_update: vec![] };
    assert_eq!(launcher.view().obstacles, nothing);
    launcher.game().file("index.html").expect_err("nothing is left open");
}

#[cfg(unix)]
fn make_native(world: &mut World, arguments: &[&str]) {
    let executable = naru_protocol::RelPath::parse("bin/game").unwrap();
    let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
    world.brand.start = Start::Native { executable, arguments };
}

/// Publishes a program, with the bit that lets it run.
#[cfg(unix)]
async fn install_program(world: &World, script: &str) -> std::sync::Arc<naru_launcher_core::Launcher> {
    use std::os::unix::fs::PermissionsExt;
    let launcher = world.installed(&[("bin/game", script.as_bytes())]).await;
    let program = world.install().join("bin/game");
    std::fs::set_permissions(program, std::fs::Permissions::from_mode(0o755)).unwrap();
    launcher
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_native_game_gets_its_arguments_and_the_players_session() {
    let mut world = World::new().await;
    make_native(&mut world, &["--fixed"]);
    let script = "#!/bin/sh\nfor a in \"$@\"; do echo \"$a\"; done > out.new\n\
                  echo \"$NARU_SERVICES_URL\" >> out.new; echo \"${NARU_SERVICES_TOKEN%%.*}\" >> out.new\n\
                  mv out.new out; while [ -e bin/game ] && [ ! -e stop ]; do sleep 0.05; done\n";
    let launcher = install_program(&world, script).await;
    log_in(&launcher, "사공").await;
    launcher.settings().change(SettingsChange::LaunchArguments(vec!["a b".into(), "$HOME".into()])).unwrap();
    drop(launcher.game().play().await.unwrap());
    assert_eq!(launcher.view().game.action, Action::Playing, "it runs whoever has asked for it");
    let out = std::fs::read_to_string(world.install().join("out")).unwrap();
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(&lines[..3], ["--fixed", "a b", "$HOME"], "to the letter: no shell reads them");
    assert_eq!(lines[3].trim_end_matches('/'), world.cloud.endpoints().services_url);
    assert!(lines[4].starts_with("eyJ"), "the session is in its environment: {lines:?}");
    assert_eq!(launcher.game().update().unwrap_err().code, ProblemCode::GameRunning);
    std::fs::write(world.install().join("stop"), b"").unwrap();
    until(&launcher, "its end is noticed", |view| !view.game.playing).await;
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_native_game_gets_the_systems_environment_and_nothing_else_of_the_launchers() {
    let mut world = World::new().await;
    make_native(&mut world, &[]);
    let given = [
        ("HOME", "/home/player"),
        ("LANG", "ko_KR.UTF-8"),
        ("LC_TIME", "ko_KR.UTF-8"),
        ("WAYLAND_DISPLAY", "wayland-0"),
        ("XDG_RUNTIME_DIR", "/run/user/1000"),
        ("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "a publisher's key"),
        ("GITHUB_TOKEN", "a token of a CI"),
        ("NARU_SERVICES_TOKEN", "another player's session"),
        ("NARU_ADMIN", "1"),
    ];
    world.environment.extend(given.map(|(name, value)| (name.into(), value.into())));
    let script = "#!/bin/sh\ncat /proc/$$/environ > out.new; mv out.new out\n\
                  while [ -e bin/game ] && [ ! -e stop ]; do sleep 0.05; done\n";
    let launcher = install_program(&world, script).await;
    drop(launcher.game().play().await.unwrap());
    let environ = std::fs::read_to_string(world.install().join("out")).unwrap();
    let has = |line: &str| environ.split('\0').any(|variable| variable == line);
    for (name, value) in &given[..5] {
        assert!(has(&format!("{name}={value}")), "a game finds its user, screen and language: {name}");
    }
    // Cargo sets some for this very process, which is the launcher here.
    assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some(), "or nothing could be seen to be handed on");
    for stranger in ["AWS_", "GITHUB_", "NARU_ADMIN", "NARU_SERVICES_TOKEN", "CARGO"] {
        let leaked = environ.split('\0').find(|variable| variable.starts_with(stranger));
        assert_eq!(leaked, None, "any program of this user can read what a game was started with");
    }
    std::fs::write(world.install().join("stop"), b"").unwrap();
    until(&launcher, "its end is noticed", |view| !view.game.playing).await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_game_that_outlives_its_launcher_is_not_updated_by_the_next_one() {
    let mut world = World::new().await;
    make_native(&mut world, &[]);
    let script = "#!/bin/sh\nwhile [ -e bin/game ] && [ ! -e stop ]; do sleep 0.05; done\n";
    drop(install_program(&world, script).await.game().play().await.unwrap());

    let next = world.open();
    assert_eq!(next.view().game.action, Action::Playing, "from its first look on");
    assert_eq!(next.game().update().unwrap_err().code, ProblemCode::GameRunning);
    assert_eq!(next.game().play().await.err().unwrap().code, ProblemCode::GameRunning);
    std::fs::write(world.install().join("stop"), b"").unwrap();
    until(&next, "its end is noticed", |view| !view.game.playing).await;
    let has_asked = |view: &view::Launcher| !matches!(view.game.offer, Offer::Unknown | Offer::Checking);
    until(&next, "nobody asked while it ran", has_asked).await;
    drop(next.game().play().await.unwrap());
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_starts_the_real_game_and_goes_still_runs() {
    let mut world = World::new().await;
    make_native(&mut world, &[]);
    // A shell gives what it starts with `&` an empty standard input, so the sign goes on as another.
    let script = "#!/bin/sh\nexec 3<&0\n(while [ -e bin/game ] && [ ! -e stop ]; do sleep 0.05; done) &\n";
    let launcher = install_program(&world, script).await;
    drop(launcher.game().play().await.unwrap());
    assert!(launcher.view().game.playing, "what it has started is the game");
    std::fs::write(world.install().join("stop"), b"").unwrap();
    until(&launcher, "its end is noticed", |view| !view.game.playing).await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_native_game_that_does_not_start_is_told() {
    let mut world = World::new().await;
    make_native(&mut world, &[]);
    let launcher = install_program(&world, "#!/bin/sh\nexit 3\n").await;
    let problem = launcher.game().play().await.err().unwrap();
    assert_eq!(problem.code, ProblemCode::GameFailed);
    assert!(problem.detail.contains('3'), "with what it ended with: {}", problem.detail);
    assert!(!launcher.view().game.playing);
    std::fs::write(world.install().join("bin/game"), b"#!/bin/sh\nrm -rf saves\n").unwrap();
    let problem = launcher.game().play().await.err().unwrap();
    assert_eq!(problem.code, ProblemCode::GameFailed, "a program that is not the release's is not started");
    assert!(problem.detail.contains("changed"), "{}", problem.detail);
}

/// A machine that goes down when the first file has been put in place.
struct Outage;

impl ProgressSink for Outage {
    fn start(&self, phase: Phase, total: Total) -> Box<dyn PhaseProgress> {
        if phase == Phase::Apply { Box::new(Outage) } else { Silent.start(phase, total) }
    }

    fn warn(&self, _warning: Warning) {}
}

impl PhaseProgress for Outage {
    fn bytes(&self, _more: u64) {}

    fn item(&self, _path: &str) {
        panic!("the power is gone");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_game_never_starts_between_two_releases() {
    let world = World::new().await;
    world.installed(&[("index.html", b"old"), ("src/game.js", b"old")]).await;
    world.publish(&[("index.html", b"new"), ("src/game.js", b"new")]).await;
    let edge = EdgeStore::new(&world.edge.url(), EdgeOptions::default()).unwrap();
    let cut = Updater::new(
        Arc::new(edge),
        InstallFolder::new(world.install()),
        UpdateOptions::default(),
        Arc::new(Outage),
    );
    let cut = tokio::spawn(async move { cut.update(cut.plan().await.unwrap()).await });
    cut.await.unwrap_err();
    assert!(InstallFolder::new(world.install()).status().unwrap().interrupted);

    let launcher = world.open_offline();
    let _playing = launcher.game().play().await.unwrap();
    for path in ["index.html", "src/game.js"] {
        assert_eq!(
            launcher.game().file(path).unwrap().bytes,
            b"new",
            "{path}: finished first, without a server"
        );
    }
    until(&launcher, "the window tells it", |view| view.game.installed.as_ref().unwrap().number == 2).await;
}
