//! The ledger when it is damaged, too new, or asked which channel is followed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use naru_patcher::{
    Phase, PhaseProgress, ProgressSink, Silent, Total, UpdateError, UpdateOptions, Updater, Warning,
};
use naru_protocol::Channel;

use crate::world::{World, write};

fn ledger_of(world: &World) -> PathBuf {
    world.install().join(".naru/filedb.db")
}

async fn installed_world() -> World {
    let world = World::new().await;
    world.set_build(&[("a.txt", b"one"), ("deep/b.bin", &[3; 50_000]), ("options.ini", b"volume=1")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    world
}

#[tokio::test]
async fn a_ledger_that_is_no_database_costs_a_look_at_each_file_and_nothing_else() {
    let world = installed_world().await;
    write(&world.install().join("options.ini"), b"volume=9");
    write(&ledger_of(&world), b"this was a database once, and it is none any more");
    for refused in [world.install_folder().status().err(), world.verify().await.err()] {
        assert!(matches!(refused, Some(UpdateError::BrokenLedger { .. })), "nobody knows what is installed");
    }
    let updated = world.update().await.unwrap();
    assert_eq!(updated.downloaded_bytes, 8, "all is here, but the config file's own version");
    assert_eq!(
        world.installed()["options.ini"],
        b"volume=9",
        "the player's settings are not ours to replace"
    );
    assert_eq!(world.installed()["options.ini.new"], b"volume=1");
    assert_eq!(world.verify().await.unwrap().wounds, [], "the new ledger knows every file");
    assert_eq!(world.install_folder().status().unwrap().installed, Some(1));
}

#[tokio::test]
async fn a_ledger_that_breaks_again_leaves_one_file_beside_the_player_s() {
    let world = installed_world().await;
    write(&world.install().join("options.ini"), b"volume=9");
    for _ in 0..3 {
        write(&ledger_of(&world), b"not a database");
        world.update().await.unwrap();
    }
    let beside: Vec<_> = world.installed().into_keys().filter(|path| path.contains(".new")).collect();
    assert_eq!(beside, ["options.ini.new"], "the release's bytes lay there already");
    write(&ledger_of(&world), b"not a database");
    write(&world.install().join("options.ini.new"), b"merging");
    world.update().await.unwrap();
    assert_eq!(world.installed()["options.ini.new"], b"merging", "that is the player's by now");
    assert_eq!(world.installed()["options.ini.new2"], b"volume=1");
}

#[tokio::test]
async fn a_repair_without_a_readable_ledger_restores_the_channel_s_release() {
    let world = installed_world().await;
    write(&world.install().join("a.txt"), b"two");
    write(&ledger_of(&world), &[0xff; 5000]);
    let repaired = world.repair().await.unwrap();
    assert_eq!(repaired.wounds.len(), 1, "what is right needs no ledger to be found right");
    assert_eq!(world.installed()["a.txt"], b"one");
    assert_eq!(world.verify().await.unwrap().wounds, []);
}

#[tokio::test]
async fn whichever_page_of_the_ledger_is_lost_an_update_heals_it() {
    const PAGE: usize = 4096;
    let world = installed_world().await;
    let sound = std::fs::read(ledger_of(&world)).unwrap();
    let tree = world.installed();
    for page in 0..sound.len() / PAGE {
        let mut broken = sound.clone();
        broken[page * PAGE..(page + 1) * PAGE].fill(0x5a);
        write(&ledger_of(&world), &broken);
        world.update().await.unwrap_or_else(|error| panic!("page {page}: {error}"));
        assert_eq!(world.installed(), tree, "page {page}: the game was right and stays so");
        let found = world.verify().await.unwrap_or_else(|error| panic!("page {page}: {error}"));
        assert_eq!(found.wounds, [], "page {page}");
    }
}

/// Spoils the ledger at the moment at which the commit begins.
struct Spoiler(PathBuf);

impl ProgressSink for Spoiler {
    fn start(&self, phase: Phase, _total: Total) -> Box<dyn PhaseProgress> {
        if phase == Phase::Apply {
            write(&self.0, b"not a database");
        }
        Box::new(Silent)
    }

    fn warn(&self, _warning: Warning) {}
}

#[tokio::test]
async fn a_commit_is_finished_though_the_ledger_breaks_under_it() {
    let world = installed_world().await;
    world.set_build(&[("a.txt", b"new"), ("deep/b.bin", &[3; 50_000])]);
    world.publish().await.unwrap();
    let spoiler = Arc::new(Spoiler(ledger_of(&world)));
    let store = world.place.edge.clone();
    let updater = Updater::new(store, world.install_folder(), UpdateOptions::default(), spoiler);
    updater.update(updater.plan().await.unwrap()).await.unwrap();
    assert_eq!(world.installed()["a.txt"], b"new", "from the journal on nothing holds the commit up");
    world.update().await.unwrap();
    assert_eq!(world.verify().await.unwrap().wounds, []);
}

#[cfg(unix)]
#[tokio::test]
async fn a_ledger_that_is_no_file_of_naru_s_is_set_aside_and_never_followed() {
    let world = installed_world().await;
    let victim = world.build().join("victim");
    write(&victim, b"somebody's only copy");
    let (ledger, beside) = (ledger_of(&world), world.install().join(".naru/filedb.db-journal"));
    for trap in ["link", "pipe", "folder", "journal", "huge"] {
        match trap {
            "journal" => write(&beside, &[0xd9; 4096]),
            _ => std::fs::remove_file(&ledger).unwrap(),
        }
        match trap {
            "link" => std::os::unix::fs::symlink(&victim, &ledger).unwrap(),
            "pipe" => {
                assert!(std::process::Command::new("mkfifo").arg(&ledger).status().unwrap().success());
            }
            "folder" => std::fs::create_dir(&ledger).unwrap(),
            "huge" => std::fs::File::create(&ledger).unwrap().set_len(1 << 40).unwrap(),
            _ => {}
        }
        let refused = world.install_folder().status().unwrap_err();
        assert!(matches!(refused, UpdateError::BrokenLedger { .. }), "{trap}: {refused:?}");
        world.update().await.unwrap_or_else(|error| panic!("{trap}: {error}"));
        assert_eq!(world.verify().await.unwrap().wounds, [], "{trap}: the new ledger knows every file");
        assert_eq!(std::fs::read(&victim).unwrap(), b"somebody's only copy", "{trap}");
        assert!(!beside.exists(), "{trap}: a new ledger must not have it beside it");
    }
}

#[tokio::test]
async fn a_ledger_of_a_newer_naru_is_left_as_it_is() {
    let world = installed_world().await;
    set_format(&ledger_of(&world), 99);
    let before = std::fs::read(ledger_of(&world)).unwrap();
    let refused = world.update().await;
    assert!(matches!(refused, Err(UpdateError::NewerLedger { format: 99, .. })), "{refused:?}");
    assert_eq!(std::fs::read(ledger_of(&world)).unwrap(), before, "the newer Naru still needs it");
}

/// `user_version` is the big-endian number at byte 60 (SQLite's file format, 1.3).
fn set_format(ledger: &Path, format: u32) {
    let mut bytes = std::fs::read(ledger).unwrap();
    bytes[60..64].copy_from_slice(&format.to_be_bytes());
    write(ledger, &bytes);
}

#[tokio::test]
async fn an_install_folder_stays_on_the_channel_that_it_came_from() {
    let world = installed_world().await;
    let beta: Channel = "beta".parse().unwrap();
    let mut publisher = world.publisher();
    publisher.channel.channel = beta.clone();
    world.set_build(&[("a.txt", b"beta 1")]);
    publisher.publish(publisher.plan().await.unwrap()).await.unwrap();
    world.update_from(&beta).await.unwrap();
    assert_eq!(world.install_folder().status().unwrap().channel, Some(beta));
    world.set_build(&[("a.txt", b"beta 2")]);
    publisher.publish(publisher.plan().await.unwrap()).await.unwrap();
    world.update().await.unwrap();
    assert_eq!(world.installed()["a.txt"], b"beta 2", "nobody said that the player wants live back");
    world.update_from(&Channel::live()).await.unwrap();
    assert_eq!(world.installed()["a.txt"], b"one", "but saying so works");
}
