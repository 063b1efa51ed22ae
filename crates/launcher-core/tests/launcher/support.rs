//! The support bundle.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::person::log_in;
use crate::world::{World, write};

#[tokio::test(flavor = "multi_thread")]
async fn a_support_bundle_has_the_log_and_no_secret() {
    let world = World::new().await;
    let launcher = world.open();
    log_in(&launcher, "사공").await;
    let kept = world.keychain.secret.lock().unwrap().clone().unwrap();
    let kept: serde_json::Value = serde_json::from_slice(&kept).unwrap();
    let token = kept["token"].as_str().unwrap();
    let refresh = kept["refresh"]["token"].as_str().unwrap();
    let log = format!(
        "it began\nsent {token} somewhere\nkept{refresh}here\nGET /login?code=canary-code&state=canary-state\nit ended\n"
    );
    write(&world.path("logs/launcher.log"), log.as_bytes());

    let place = launcher.support_bundle().unwrap();
    let mut bundle = zip::ZipArchive::new(File::open(&place).unwrap()).unwrap();
    let mut text = String::new();
    for at in 0..bundle.len() {
        bundle.by_index(at).unwrap().read_to_string(&mut text).unwrap();
    }
    for secret in [token, refresh, "canary-code", "canary-state"] {
        assert!(!text.contains(secret), "{secret} would be in a mailbox for years");
    }
    assert!(text.contains("it began") && text.contains("it ended"), "the log is there: {text}");
    assert!(text.contains("\"action\""), "and what the window showed");
    for secret in [token, refresh] {
        assert!(!format!("{:?}", launcher.view()).contains(secret), "no view of it has a token either");
    }
    assert_keeps_no(&world.path("data"), &[token, refresh]);
}

/// The keychain alone keeps what a login is worth.
fn assert_keeps_no(folder: &Path, secrets: &[&str]) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            assert_keeps_no(&path, secrets);
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        for secret in secrets {
            let is_in = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!is_in, "{} has a secret in it", path.display());
        }
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_follows_no_link_and_is_the_players_alone() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let world = World::new().await;
    let launcher = world.open();
    write(&world.path("diary"), b"dear diary");
    std::fs::create_dir_all(world.path("logs")).unwrap();
    symlink(world.path("diary"), world.path("logs/launcher.log")).unwrap();
    std::fs::create_dir_all(world.path("elsewhere")).unwrap();
    std::fs::create_dir_all(world.path("data")).unwrap();
    symlink(world.path("elsewhere"), world.path("data/support")).unwrap();

    let place = launcher.support_bundle().unwrap();
    let bundle = zip::ZipArchive::new(File::open(&place).unwrap()).unwrap();
    let names = bundle.file_names().map(|name| name.unwrap().into_owned());
    let logs: Vec<String> = names.filter(|name| name.starts_with("logs/")).collect();
    assert!(logs.is_empty(), "what a link leads to is no log: {logs:?}");
    assert_eq!(
        std::fs::read_dir(world.path("elsewhere")).unwrap().count(),
        0,
        "nothing is written elsewhere"
    );
    let mode = |path: &Path| std::fs::symlink_metadata(path).unwrap().permissions().mode() & 0o077;
    assert_eq!((mode(&place), mode(&world.path("data/support"))), (0, 0), "names and addresses are in it");
}
