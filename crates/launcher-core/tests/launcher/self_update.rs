//! A newer launcher: found, fetched over a bad network, verified, and handed out.

use std::io::Cursor;
use std::sync::Arc;

use minisign::KeyPair;
use naru_launcher_core::view::{
    ErrorCode, LauncherEvent, LauncherUpdate, Obstacle, ProblemCode, SettingsChange,
};
use naru_launcher_core::{BrandFile, Launcher, Packaged};
use naru_testkit::{ChaosProxy, Fault, Nth, Origin, Rule};

use crate::world::{World, noise, until};

const TARGET: &str = "linux-x86_64-deb";

/// A studio that signs launchers, its server, and the bad network before it.
struct Studio {
    keys: KeyPair,
    origin: Origin,
    network: ChaosProxy,
}

impl Studio {
    async fn new() -> Self {
        let origin = Origin::start().await;
        let network = ChaosProxy::start(origin.address()).await;
        Self { keys: KeyPair::generate_unencrypted_keypair().unwrap(), origin, network }
    }

    /// A launcher of this studio on the machine of `world`, in version 1.0.0.
    async fn launcher(&self, world: &mut World) -> Arc<Launcher> {
        self.brand(world);
        world.open()
    }

    fn brand(&self, world: &mut World) {
        let key = base64(&self.keys.pk.to_box().unwrap().to_string());
        let updates = format!(
            "{}\n[launcher_updates]\nurl = \"{}/latest.json\"\npublic_key = \"{key}\"\n",
            crate::world::BRAND,
            self.network.url()
        );
        world.brand = BrandFile::parse(&updates).unwrap();
        world.launcher = Packaged { version: "1.0.0".parse().unwrap(), target: Some(TARGET.to_owned()) };
    }

    fn sign(&self, package: &[u8], comment: &str) -> String {
        let KeyPair { pk, sk } = &self.keys;
        let signed = minisign::sign(Some(pk), sk, Cursor::new(package), Some(comment), None);
        base64(&signed.unwrap().into_string())
    }

    /// Puts a package on the server, signed as it should be.
    fn release(&self, version: &str, package: &[u8]) {
        self.announce(version, package, &self.sign(package, &format!("file:a.deb\tversion:{version}")));
    }

    fn announce(&self, version: &str, package: &[u8], signature: &str) {
        self.origin.put("/a.deb", package.to_vec());
        let url = format!("{}/a.deb", self.network.url());
        let platforms = serde_json::json!({ TARGET: { "url": url, "signature": signature } });
        let document = serde_json::json!({ "version": version, "platforms": platforms });
        self.origin.put("/latest.json", document.to_string());
    }

    fn inject(&self, nth: Nth, fault: Fault) {
        self.network.inject(Rule::new("/a.deb", nth, fault));
    }

    /// The ranges of the package that were asked for.
    fn ranges(&self) -> Vec<Option<String>> {
        let seen = self.network.seen().into_iter();
        seen.filter(|seen| seen.target == "/a.deb").map(|seen| seen.range).collect()
    }
}

fn base64(text: &str) -> String {
    use base64::Engine;
    base64::prelude::BASE64_STANDARD.encode(text)
}

/// Signs [`package`] for the studio, or with another key.
type Signer = fn(&Studio, &Studio) -> String;

fn package() -> Vec<u8> {
    noise(900_000, 7)
}

fn is_ready(launcher: &Launcher) -> bool {
    launcher.view().launcher_update == LauncherUpdate::Ready { version: "1.1.0".into() }
}

/// Files in the launcher's data folder that an update has left.
fn left(world: &World) -> Vec<String> {
    let folder = std::fs::read_dir(world.path("data/launcher-update"));
    let names = folder.into_iter().flatten().map(|entry| entry.unwrap().file_name());
    names.map(|name| name.to_string_lossy().into_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_launcher_is_fetched_verified_and_handed_out() {
    let (studio, mut world) = (Studio::new().await, World::new().await);
    studio.release("1.1.0", &package());
    let launcher = studio.launcher(&mut world).await;
    launcher.self_update().check().await;
    assert!(is_ready(&launcher), "{:?}", launcher.view().launcher_update);
    let told = world.heard.all();
    let is_download = |event: &LauncherEvent| {
        matches!(event, LauncherEvent::LauncherUpdate(LauncherUpdate::Downloading { .. }))
    };
    assert!(told.iter().any(is_download), "whoever looks on sees it coming");

    launcher.self_update().check().await;
    assert_eq!(studio.ranges().len(), 1, "what is here is not fetched again");
    let verified = launcher.self_update().take().unwrap();
    assert_eq!(verified.bytes, package(), "byte for byte");
    assert_eq!(launcher.game().update().unwrap_err().code, ProblemCode::JobRunning, "no work is begun now");
    drop(verified);
    assert!(is_ready(&launcher), "a player who has taken the password dialog back may press again");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newer_launcher_clears_away_what_it_came_from() {
    let (studio, mut world) = (Studio::new().await, World::new().await);
    studio.release("1.1.0", &package());
    studio.launcher(&mut world).await.self_update().check().await;
    assert_ne!(left(&world), [""; 0], "it is kept until it is installed");
    world.launcher.version = "1.1.0".parse().unwrap();
    world.open().self_update().check().await;
    assert_eq!(left(&world), [""; 0], "nobody needs it any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_key_or_a_package_nobody_asks_the_server() {
    let (studio, mut world) = (Studio::new().await, World::new().await);
    studio.release("1.1.0", &package());
    world.open().self_update().check().await;
    studio.brand(&mut world);
    world.launcher.target = None;
    world.open().self_update().check().await;
    assert!(studio.network.seen().is_empty(), "a launcher that can't be replaced has nothing to ask");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_cut_off_is_gone_on_with() {
    for cut in [Fault::ResetAfter(300_000), Fault::TruncateAfter(300_000)] {
        let (studio, mut world) = (Studio::new().await, World::new().await);
        studio.release("1.1.0", &package());
        studio.inject(Nth::Only(1), cut.clone());
        let launcher = studio.launcher(&mut world).await;
        launcher.self_update().check().await;
        assert!(is_ready(&launcher), "{cut:?}: {:?}", launcher.view().launcher_update);
        let ranges = studio.ranges();
        assert_eq!(ranges.len(), 2, "{cut:?}: {ranges:?}");
        assert_ne!(ranges[1].as_deref(), Some("bytes=0-899999"), "{cut:?}: what had arrived was kept");
        assert!(ranges[1].is_some(), "{cut:?}: only the rest is asked for");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_cut_off_is_gone_on_with_by_the_next_launcher_too() {
    let (studio, mut world) = (Studio::new().await, World::new().await);
    studio.release("1.1.0", &package());
    studio.inject(Nth::Only(1), Fault::TruncateAfter(300_000));
    studio.inject(Nth::Only(2), Fault::Status(503, Vec::new()));
    let launcher = studio.launcher(&mut world).await;
    launcher.self_update().check().await;
    assert_eq!(
        launcher.view().launcher_update,
        LauncherUpdate::None,
        "a player can do nothing about a bad server"
    );
    drop(launcher);

    let launcher = studio.launcher(&mut world).await;
    launcher.self_update().check().await;
    assert!(is_ready(&launcher), "{:?}", launcher.view().launcher_update);
    assert!(studio.ranges()[2].is_some(), "the part on the disk was taken over: {:?}", studio.ranges());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_another_file_is_not_gone_on_with() {
    let other_tag = Fault::Header("ETag", "\"another\"".into());
    for (answer, requests) in [(Fault::IgnoreRange, 2), (other_tag, 3), (Fault::OtherRange(1000), 3)] {
        let (studio, mut world) = (Studio::new().await, World::new().await);
        studio.release("1.1.0", &package());
        studio.inject(Nth::Only(1), Fault::TruncateAfter(300_000));
        studio.inject(Nth::Only(2), answer.clone());
        let launcher = studio.launcher(&mut world).await;
        launcher.self_update().check().await;
        assert!(is_ready(&launcher), "{answer:?}: {:?}", launcher.view().launcher_update);
        assert_eq!(launcher.self_update().take().unwrap().bytes, package(), "{answer:?}: nothing is mixed");
        assert_eq!(
            studio.ranges().len(),
            requests,
            "{answer:?}: begun anew where it must be, and only there"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_studio_has_not_signed_is_deleted_told_and_not_fetched_again() {
    let stranger = Studio::new().await;
    let cases: [(&str, Signer); 5] = [
        ("another key", |_, stranger| stranger.sign(&package(), "version:1.1.0")),
        ("other bytes", |studio, _| studio.sign(b"other bytes", "version:1.1.0")),
        ("another version", |studio, _| studio.sign(&package(), "version:1.0.9")),
        ("no version", |studio, _| studio.sign(&package(), "timestamp:1")),
        ("no signature", |_, _| base64("nothing")),
    ];
    for (case, signature) in cases {
        let (studio, mut world) = (Studio::new().await, World::new().await);
        studio.announce("1.1.0", &package(), &signature(&studio, &stranger));
        let launcher = studio.launcher(&mut world).await;
        launcher.self_update().check().await;
        let shown = launcher.view().launcher_update;
        let is_told =
            matches!(&shown, LauncherUpdate::Refused { problem } if problem.code == ProblemCode::BadLauncher);
        assert!(is_told, "{case}: {shown:?}");
        assert_eq!(left(&world), [""; 0], "{case}: nothing stays that could be started");
        assert_eq!(
            launcher.self_update().take().unwrap_err().code,
            ProblemCode::Failure(ErrorCode::NotFound),
            "{case}: nothing is handed out"
        );
        launcher.self_update().check().await;
        assert_eq!(studio.ranges().len(), 1, "{case}: the same bytes would be refused again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_on_the_way_is_found() {
    for damage in
        [Fault::FlipByte(450_000), Fault::SwapHalves, Fault::RepeatFirst(1000), Fault::LengthOff(-1000)]
    {
        let (studio, mut world) = (Studio::new().await, World::new().await);
        studio.release("1.1.0", &package());
        studio.inject(Nth::Every, damage.clone());
        let launcher = studio.launcher(&mut world).await;
        launcher.self_update().check().await;
        assert!(!is_ready(&launcher), "{damage:?}");
        launcher.self_update().take().expect_err("nothing unverified is handed out");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_launcher_is_not_taken_for_a_newer_one() {
    for version in ["1.0.0", "0.9.9", "1.0.0-rc.1"] {
        let (studio, mut world) = (Studio::new().await, World::new().await);
        studio.release(version, &package());
        let launcher = studio.launcher(&mut world).await;
        launcher.self_update().check().await;
        assert_eq!(launcher.view().launcher_update, LauncherUpdate::None, "{version} would be a step back");
        assert!(studio.ranges().is_empty(), "{version} is not even fetched");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_an_end_fills_neither_memory_nor_disk() {
    let (studio, mut world) = (Studio::new().await, World::new().await);
    studio.release("1.1.0", &package());
    let document = Rule::new("/latest.json", Nth::Only(1), Fault::Endless);
    studio.network.inject(document);
    let launcher = studio.launcher(&mut world).await;
    launcher.self_update().check().await;
    assert!(studio.ranges().is_empty(), "a document without an end announces nothing");

    studio.inject(Nth::Only(1), Fault::Header("Content-Length", (300_u64 << 20).to_string()));
    launcher.self_update().check().await;
    let shown = launcher.view().launcher_update;
    assert!(matches!(shown, LauncherUpdate::Refused { .. }), "more than a launcher can have: {shown:?}");
    assert_eq!(left(&world), [""; 0], "nothing of it stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_has_nothing_is_no_news() {
    let (studio, mut world) = (Studio::new().await, World::new().await);
    let launcher = studio.launcher(&mut world).await;
    launcher.self_update().check().await;
    assert_eq!(launcher.view().launcher_update, LauncherUpdate::None, "404 for latest.json");
    studio.release("1.1.0", &package());
    studio.inject(Nth::Only(1), Fault::Status(404, Vec::new()));
    launcher.self_update().check().await;
    assert_eq!(launcher.view().launcher_update, LauncherUpdate::None, "404 for the package");
    launcher.self_update().check().await;
    assert!(is_ready(&launcher), "the next look finds it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_game_and_work_come_first() {
    let (studio, mut world) = (Studio::new().await, World::new().await);
    studio.release("1.1.0", &package());
    studio.brand(&mut world);
    let launcher = world.installed(&[("index.html", b"<h1>")]).await;
    let playing = launcher.game().play().await.unwrap();
    launcher.self_update().check().await;
    assert!(studio.network.seen().is_empty(), "the line is the game's");
    drop(playing);
    until(&launcher, "what waited for the game's end", |view| {
        matches!(view.launcher_update, LauncherUpdate::Ready { .. })
    })
    .await;

    let playing = launcher.game().play().await.unwrap();
    assert_eq!(
        launcher.self_update().take().unwrap_err().code,
        ProblemCode::GameRunning,
        "it would end the game"
    );
    drop(playing);
    world.publish(&[("index.html", &noise(2_000_000, 3))]).await;
    launcher.settings().change(SettingsChange::RateLimit(Some(100_000))).unwrap();
    launcher.game().update().unwrap();
    assert_eq!(
        launcher.self_update().take().unwrap_err().code,
        ProblemCode::JobRunning,
        "it would end the update"
    );
    assert_eq!(launcher.view().obstacles.self_update, [Obstacle::Job], "the page is told why");
    launcher.jobs().cancel().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_on_the_disk_after_it_was_verified_is_not_handed_out() {
    let (studio, mut world) = (Studio::new().await, World::new().await);
    studio.release("1.1.0", &package());
    let launcher = studio.launcher(&mut world).await;
    launcher.self_update().check().await;
    let file = left(&world).into_iter().find(|name| name.ends_with(".package")).unwrap();
    std::fs::write(world.path("data/launcher-update").join(file), noise(900_000, 8)).unwrap();
    assert_eq!(
        launcher.self_update().take().unwrap_err().code,
        ProblemCode::BadLauncher,
        "verified once is not enough"
    );
    assert_eq!(left(&world), [""; 0], "and it is gone");
    launcher.self_update().check().await;
    assert!(is_ready(&launcher), "the true one is fetched again");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn links_in_the_folder_of_newer_launchers_are_not_followed() {
    use std::os::unix::fs::symlink;
    let (studio, mut world) = (Studio::new().await, World::new().await);
    studio.release("1.1.0", &package());
    let elsewhere = world.path("elsewhere");
    std::fs::create_dir_all(&elsewhere).unwrap();
    std::fs::write(elsewhere.join("precious"), b"precious").unwrap();
    std::fs::create_dir_all(world.path("data")).unwrap();
    symlink(&elsewhere, world.path("data/launcher-update")).unwrap();
    let launcher = studio.launcher(&mut world).await;
    launcher.self_update().check().await;
    assert!(is_ready(&launcher), "{:?}", launcher.view().launcher_update);
    let names: Vec<_> =
        std::fs::read_dir(&elsewhere).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["precious"], "nothing is removed or written there");
    let file = left(&world).into_iter().find(|name| name.ends_with(".package")).unwrap();
    let place = world.path("data/launcher-update").join(file);
    std::fs::rename(&place, elsewhere.join("package")).unwrap();
    symlink(elsewhere.join("package"), &place).unwrap();
    launcher
        .self_update()
        .take()
        .expect_err("a package that lies elsewhere may be another one by the time it is installed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_into_the_open_is_not_followed() {
    let (studio, mut world) = (Studio::new().await, World::new().await);
    studio.release("1.1.0", &package());
    // Linux leads this address to the same server, which must not be relied on.
    let open = format!("http://0.0.0.0:{}/latest.json", studio.network.address().port());
    let there = Fault::Status(302, vec![("Location", open)]);
    studio.network.inject(Rule::new("/latest.json", Nth::Only(1), there));
    let launcher = studio.launcher(&mut world).await;
    launcher.self_update().check().await;
    assert!(!is_ready(&launcher), "whoever holds the network could answer there");
    launcher.self_update().check().await;
    assert!(is_ready(&launcher), "and nothing else is wrong with it");
}
