//! Moving the game.

use std::path::{Path, PathBuf};

use naru_launcher_core::view::{Action, JobKind, ProblemCode};

use crate::world::{World, done, noise, run, until, write};

const FILES: &[(&str, &[u8])] = &[("index.html", b"<h1>"), ("data/b", b"22")];

/// A folder on another drive than the tests' own, where this machine has one.
fn other_drive(world: &World) -> Option<tempfile::TempDir> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let memory = tempfile::tempdir_in("/dev/shm").ok()?;
        let device = |path: &Path| std::fs::metadata(path).unwrap().dev();
        (device(memory.path()) != device(world.folder.path())).then_some(memory)
    }
    #[cfg(not(unix))]
    None
}

async fn move_and_play(world: &World, to: &Path) {
    let launcher = world.installed(FILES).await;
    write(&world.install().join("saves/one"), b"the player's own");
    launcher.game().move_install(to).unwrap();
    done(&launcher).await;
    let view = launcher.view();
    assert_eq!(view.settings.install_folder, to.to_str().unwrap());
    assert_eq!((view.game.installed.unwrap().number, view.game.action), (1, Action::Play));
    assert!(!world.install().exists(), "nothing is left in the old place");
    assert_eq!(std::fs::read(to.join("saves/one")).unwrap(), b"the player's own", "saves move as well");
    let again = world.open();
    assert_eq!(again.view().game.folder, to.to_str().unwrap(), "the next start finds it");
    assert_eq!(run(&again, JobKind::Verify).await.wounds, 0, "whole");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_game_moves_within_a_drive() {
    let world = World::new().await;
    let to = world.path("games/elsewhere");
    move_and_play(&world, &to).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_game_moves_to_another_drive() {
    let world = World::new().await;
    let Some(drive) = other_drive(&world) else {
        eprintln!("this machine has no second drive: the copy itself is tested beside its code");
        return;
    };
    let to = drive.path().join("game");
    move_and_play(&world, &to).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_is_not_stopped_once_the_game_is_in_its_new_place() {
    let world = World::new().await;
    let Some(drive) = other_drive(&world) else {
        eprintln!("this machine has no second drive: the phase is tested beside its code");
        return;
    };
    let launcher = world.installed(FILES).await;
    // So many that their removal takes a while.
    (0..20_000).for_each(|file| write(&world.install().join(format!("saves/{}/{file}", file % 50)), b""));
    let to = drive.path().join("game");
    launcher.game().move_install(&to).unwrap();
    until(&launcher, "it has moved", |view| view.game.folder == to.to_str().unwrap()).await;
    let problem = launcher.jobs().cancel().unwrap_err();
    assert_eq!(problem.code, ProblemCode::JobRunning, "nothing is told to be as it was");
    done(&launcher).await;
    assert!(!world.install().exists(), "and the old copy is gone");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_player_is_told_what_is_left_in_the_old_folder() {
    use naru_launcher_core::view::{JobWarning, JobWarningKind};
    let world = World::new().await;
    let Some(drive) = other_drive(&world) else {
        eprintln!("this machine has no second drive: the removal itself is tested beside its code");
        return;
    };
    let launcher = world.installed(FILES).await;
    let socket = world.install().join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    launcher.game().move_install(&drive.path().join("game")).unwrap();
    done(&launcher).await;
    let told = JobWarning { kind: JobWarningKind::NotRemoved, detail: socket.to_str().unwrap().to_owned() };
    assert_eq!(launcher.view().job.unwrap().warnings, [told]);
    let names: Vec<_> =
        std::fs::read_dir(world.install()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(names, ["socket"], "and nothing else is");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_not_free_is_refused() {
    let world = World::new().await;
    let launcher = world.installed(FILES).await;
    write(&world.path("photos/holiday.jpg"), b"jpg");
    write(&world.path("file"), b"");
    let inside = world.install().join("deeper");
    let refused: [PathBuf; 6] = [
        world.path("photos"),
        world.path("file"),
        inside,
        world.install(),
        world.folder.path().to_path_buf(),
        "relative".into(),
    ];
    for folder in refused {
        let problem = launcher.game().move_install(&folder).unwrap_err();
        assert_eq!(problem.code, ProblemCode::FolderUnusable, "{}", folder.display());
    }
    assert_eq!(launcher.view().game.folder, world.install().to_str().unwrap(), "the game is where it was");
    let look = launcher.game().look_at_folder(&world.path("photos"));
    assert!(!look.is_empty && !look.has_game && !look.is_usable);
    let look = launcher.game().look_at_folder(&world.path("not/there/yet"));
    assert!(look.is_empty && !look.has_game && look.is_usable);
    assert_eq!(look.needed_bytes, Some(6), "as much as is installed");
    #[cfg(unix)]
    assert!(look.free_bytes.is_some_and(|free| free > 0), "of the folder above it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_with_the_game_in_it_is_taken_as_it_is() {
    let world = World::new().await;
    let launcher = world.installed(FILES).await;
    let second = world.path("second");
    launcher.game().move_install(&second).unwrap();
    done(&launcher).await;
    // The player has copied it back by hand, and chooses the copy.
    let copied = std::process::Command::new("cp").arg("-a").args([&second, &world.install()]).status();
    assert!(copied.unwrap().success());
    let look = launcher.game().look_at_folder(&world.install());
    assert!(look.has_game && look.is_usable);
    launcher.game().move_install(&world.install()).unwrap();
    done(&launcher).await;
    assert_eq!(launcher.view().game.folder, world.install().to_str().unwrap());
    assert!(second.join("index.html").exists(), "and what lies elsewhere is not ours to delete then");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_launcher_that_was_killed_after_the_move_finds_the_game() {
    let world = World::new().await;
    world.installed(&[("index.html", b"<h1>"), ("big", &noise(100_000, 1))]).await;
    let (from, to) = (world.install(), world.path("moved"));
    let noted = serde_json::json!({"moving": {"from": from, "to": to}});
    write(&world.path("data/settings.json"), noted.to_string().as_bytes());
    assert_eq!(world.open().view().game.folder, from.to_str().unwrap(), "killed before it: it is still here");
    std::fs::rename(&from, &to).unwrap();
    let view = world.open().view();
    assert_eq!(view.game.folder, to.to_str().unwrap(), "killed after it, before the settings said so");
    assert_eq!(view.game.action, Action::Play);
}
